export const id = 833;
export const ids = [833];
export const modules = {

/***/ 52255:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   f: () => (/* binding */ resolveContexts),
/* harmony export */   j: () => (/* binding */ gitHostsOf)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(36624);
/* harmony import */ var _run_git_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(94901);
/* harmony import */ var _run_revision_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(57656);



const placeholder = /\{\{\s*defaultContext\s*\}\}/g;
/**
 * Writes out `{{defaultContext}}`: this repository on its Git host, at the commit that is checked out.
 * @throws UserError where nobody knows its address or commit
 */
async function resolveContexts(config, scope) {
    const { context, 'build-contexts': named = {} } = config;
    if (![context, ...Object.values(named)].some(text => text.search(placeholder) >= 0))
        return config;
    const repository = await repositoryOf(scope);
    const written = (text) => text.replace(placeholder, () => repository);
    return {
        ...config,
        context: written(context),
        'build-contexts': Object.fromEntries(Object.entries(named).map(([name, text]) => [name, written(text)])),
    };
}
/** `https://github.com/acme/web.git#<commit>` */
async function repositoryOf({ context, env }) {
    const { commit } = await (0,_run_revision_js__WEBPACK_IMPORTED_MODULE_1__/* .readRevision */ .M)(context, env);
    const url = env.GITHUB_REPOSITORY
        ? `${env.GITHUB_SERVER_URL || 'https://github.com'}/${env.GITHUB_REPOSITORY}.git`
        : await originOf({ context, env });
    if (url === undefined || commit === '')
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_2__/* .UserError */ .yo('build.context: {{defaultContext}} is this repository on its Git host, and its address is not known here\nAdd the remote origin (git remote add origin URL), or name the URL in its place.');
    return `${url}#${commit}`;
}
/** The remote `origin` as an address for HTTPS; undefined where there is none, or it is a path of this machine. */
async function originOf({ context, env }) {
    const git = await (0,_run_git_js__WEBPACK_IMPORTED_MODULE_0__/* .openGit */ .z)(context, env);
    const url = await git?.(['config', '--get', 'remote.origin.url']);
    const [, host, path] = /^(?:[\w.-]+@|ssh:\/\/(?:[\w.-]+@)?)([\w.-]+)[:/](.+)$/.exec(url ?? '') ?? [];
    if (host !== undefined)
        return `https://${host}/${path}`;
    // A clone may have left its token in the address.
    return url !== undefined && /^https?:\/\//.test(url) ? url.replace(/^(https?:\/\/)[^/?#]*@/, '$1') : undefined;
}
/** Pure: hosts of the contexts that are fetched by HTTP. */
const gitHostsOf = ({ context, 'build-contexts': named = {} }) => [context, ...Object.values(named)].flatMap(text => (/^https?:\/\//i.test(text) ? hostOf(text) : []));
function hostOf(url) {
    return URL.canParse(url) ? [new URL(url).host] : [];
}


/***/ }),

/***/ 20184:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   I: () => (/* binding */ optionsIn),
/* harmony export */   Q: () => (/* binding */ csvOf)
/* harmony export */ });
/* harmony import */ var csv_parse_sync__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(25175);

/** Options as Docker reads them: one record of CSV (RFC 4180). */
const csvOf = (options) => options.map(option => (/[",\n]/.test(option) ? `"${option.replaceAll('"', '""')}"` : option)).join(',');
/** Options by name, from lines that may each hold several: `image=a,"env.NO_PROXY=b,c"`. */
const optionsIn = (lines) => Object.fromEntries(lines.flatMap(fieldsOf).map(nameAndValue));
/** A line that is no CSV is left whole: buildx has the better words for it. */
function fieldsOf(line) {
    try {
        return (0,csv_parse_sync__WEBPACK_IMPORTED_MODULE_0__/* .parse */ .qg)(line)[0] ?? [];
    }
    catch {
        return [line];
    }
}
function nameAndValue(field) {
    const equals = field.indexOf('=');
    return equals < 0 ? [field, ''] : [field.slice(0, equals).trim(), field.slice(equals + 1)];
}


/***/ }),

/***/ 85889:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Ke: () => (/* binding */ lockFile),
/* harmony export */   mF: () => (/* binding */ readLock),
/* harmony export */   ol: () => (/* binding */ digestOf),
/* harmony export */   wC: () => (/* binding */ renderLock)
/* harmony export */ });
/* unused harmony export parseLock */
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(51455);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(76760);
/* harmony import */ var yaml__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(38815);
/* harmony import */ var zod__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(40104);
/* harmony import */ var _disk_files_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(58870);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_6__ = __webpack_require__(36624);
/* harmony import */ var _record_image_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(6780);







/** The file at the root of the repository that pins what its images are built on, and with. */
const lockFile = 'pce.lock';
const lockVersion = 2;
const buildkitSchema = zod__WEBPACK_IMPORTED_MODULE_5__/* .strictObject */ .rej({
    version: zod__WEBPACK_IMPORTED_MODULE_5__/* .string */ .YjP().min(1),
    /** `moby/buildkit@sha256:…`, with the tag that it was asked for by; absent where the builder was not of a run's making */
    image: zod__WEBPACK_IMPORTED_MODULE_5__/* .string */ .YjP()
        .regex(/^[^\s@,"]+@sha256:[0-9a-f]{64}$/)
        .optional(),
});
const lockSchema = zod__WEBPACK_IMPORTED_MODULE_5__/* .strictObject */ .rej({
    /** absent in a file of the time when it had base images alone */
    version: zod__WEBPACK_IMPORTED_MODULE_5__/* .literal */ .euz(lockVersion).optional(),
    images: zod__WEBPACK_IMPORTED_MODULE_5__/* .record */ .g1P(zod__WEBPACK_IMPORTED_MODULE_5__/* .string */ .YjP().regex(/^\S+\/\S+:\S+$/), _record_image_js__WEBPACK_IMPORTED_MODULE_4__/* .digestSchema */ .er),
    buildkit: buildkitSchema.optional(),
});
/** Pure: the digest of `moby/buildkit:v0.33.1@sha256:…`; undefined where a name has none. */
const digestOf = (image) => /@(sha256:[0-9a-f]{64})$/.exec(image ?? '')?.[1];
/** Reads the lock of a repository; undefined when there is none. @throws UserError for one that can't be read */
async function readLock(context) {
    const text = await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.readFile)((0,node_path__WEBPACK_IMPORTED_MODULE_1__.join)(context, lockFile), 'utf8').catch((cause) => {
        if ((0,_disk_files_js__WEBPACK_IMPORTED_MODULE_3__/* .codeOf */ .$N)(cause) === 'ENOENT')
            return undefined;
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_6__/* .UserError */ .yo(`${lockFile} can't be read (${(0,_disk_files_js__WEBPACK_IMPORTED_MODULE_3__/* .codeOf */ .$N)(cause) ?? 'unknown reason'})`, { cause });
    });
    return text === undefined ? undefined : parseLock(text);
}
/** Pure. @throws UserError */
function parseLock(text) {
    const { value, cause } = parsed(text);
    const result = lockSchema.safeParse(value);
    if (result.success)
        return result.data;
    const { version } = Object(value);
    if (typeof version === 'number' && version > lockVersion)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_6__/* .UserError */ .yo(`${lockFile}: found version ${version}, expected at most ${lockVersion}\nA newer pce wrote it: update this one, or write the file anew: pce lock run.json`);
    const expected = 'images: { docker.io/library/debian:bookworm-slim: sha256:… }';
    throw new _errors_js__WEBPACK_IMPORTED_MODULE_6__/* .UserError */ .yo(`${lockFile} is not as pce lock writes it, expected ${expected}\nWrite it anew: pce lock run.json`, { cause: cause ?? result.error });
}
function parsed(text) {
    try {
        return { value: (0,yaml__WEBPACK_IMPORTED_MODULE_2__/* .parse */ .qg)(text) };
    }
    catch (cause) {
        return { cause };
    }
}
/** Pure: the lock of these images and this BuildKit, for people to commit. */
const renderLock = (bases, buildkit) => `# Written by pce lock: what the images of this repository are built on. Remove it to build on the newest ones.\n${(0,yaml__WEBPACK_IMPORTED_MODULE_2__/* .stringify */ .As)({
    version: lockVersion,
    images: Object.fromEntries(bases.map(({ image, digest }) => [image, digest]).sort()),
    ...(buildkit === undefined ? {} : { buildkit }),
})}`;


/***/ }),

/***/ 30631:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   BT: () => (/* binding */ solveName),
/* harmony export */   ZL: () => (/* binding */ stagesOf),
/* harmony export */   al: () => (/* binding */ stagingTag),
/* harmony export */   zo: () => (/* binding */ stagingOutput)
/* harmony export */ });
/* harmony import */ var _run_run_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(27640);
/* harmony import */ var _csv_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(20184);


/**
 * Pure: staging listens on this machine's loopback only. A container of the local engine reaches it through the host's
 * network; a remote builder does when its address is a socket or the loopback. Of any other it is not assumed.
 */
function stagesOf({ driver, endpoints, networks }) {
    if (driver === 'docker')
        return 'tag';
    const isNear = driver === 'docker-container'
        ? endpoints.every(endpoint => endpoint === undefined) && networks.every(network => network === 'host')
        : driver === 'remote' && endpoints.every(isLocal);
    return isNear ? 'digest' : 'layout';
}
const isLocal = (endpoint) => endpoint !== undefined && /^(unix:\/\/|npipe:\/\/|tcp:\/\/(127\.\d+\.\d+\.\d+|localhost|\[::1\])(:|$))/.test(endpoint);
/** Pure: the `--output` that brings an image to staging. No tag exists outside of staging before the gate. */
const stagingOutput = ({ stages, repository, tag, layout }) => ({
    digest: `type=image,name=${repository},push=true,push-by-digest=true,name-canonical=true,oci-mediatypes=true`,
    tag: `type=image,name=${repository}:${tag},push=true,oci-mediatypes=true`,
    layout: (0,_csv_js__WEBPACK_IMPORTED_MODULE_1__/* .csvOf */ .Q)(['type=oci', `dest=${layout}`, 'tar=false', 'oci-mediatypes=true']),
})[stages];
/**
 * Pure: the name of the files of one solve, which no other has: neither the key of an image nor a platform has a `_`, so
 * `web` with the target `api-prod` is not `web-api` with `prod`.
 */
const solveName = (name, target, platform) => [name, target.replaceAll('/', '-'), platform.replaceAll('/', '-')].join('__');
/**
 * Pure: the tag of one solve in staging. Each has its own: a tag that moves would take from the engine the image that it
 * named before. At most 128 characters of its alphabet (OCI distribution-spec, "Pulling manifests").
 */
const stagingTag = (run, parts) => [(0,_run_run_js__WEBPACK_IMPORTED_MODULE_0__/* .projectOf */ .v8)(run.id), ...parts.map(part => part.replaceAll(/[^A-Za-z0-9_.-]+/g, '-'))].join('-').slice(0, 128);


/***/ }),

/***/ 26361:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   M: () => (/* binding */ pathsIn),
/* harmony export */   c: () => (/* binding */ refuseProcesses)
/* harmony export */ });
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(51455);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(76760);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(36624);
/* harmony import */ var _config_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(95072);




/** Pure: the files and folders of this machine that a configuration hands to a build. */
const pathsIn = (config) => [
    ...((0,_config_js__WEBPACK_IMPORTED_MODULE_2__/* .isRemote */ .Vx)(config.context) ? [] : [{ key: 'build.context', path: config.context }]),
    ...((0,_config_js__WEBPACK_IMPORTED_MODULE_2__/* .isRemote */ .Vx)(config.context) || config.file === undefined ? [] : [{ key: 'build.file', path: config.file }]),
    ...Object.values(config['build-contexts'] ?? {})
        .filter(path => !(0,_config_js__WEBPACK_IMPORTED_MODULE_2__/* .isRemote */ .Vx)(path))
        .map(path => ({ key: 'build.build-contexts', path })),
    ...Object.values(config['secret-files'] ?? {}).map(path => ({ key: 'build.secret-files', path })),
    ...(config.ssh ?? [])
        .flatMap(item => item.split('=').slice(1).join('=').split(','))
        .filter(path => path !== '')
        .map(path => ({ key: 'build.ssh', path })),
];
/** Linux, include/uapi/linux/magic.h: PROC_SUPER_MAGIC */
const procfs = 0x9fa0;
/**
 * Linux shows the environment of each process in a file (proc(5)): that of buildx, and of this one, holds rights that no
 * step of a build is to see. What leads there is refused, by whatever link, and so is the root, which has it below.
 * @throws UserError
 */
async function refuseProcesses(named, context) {
    for (const { key, path } of named) {
        const real = await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.realpath)((0,node_path__WEBPACK_IMPORTED_MODULE_1__.resolve)(context, path)).catch(() => undefined);
        if (real === undefined || (real !== '/' && (await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.statfs)(real)).type !== procfs))
            continue;
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_3__/* .UserError */ .yo(`${key}: ${path} leads to ${real}, where the environment of every process of this machine can be read\nName a file or folder that holds only what the build is to have.`);
    }
}


/***/ }),

/***/ 43149:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   K2: () => (/* binding */ secretFlags),
/* harmony export */   S_: () => (/* binding */ variableFor),
/* harmony export */   Zd: () => (/* binding */ gitHubToken),
/* harmony export */   bT: () => (/* binding */ secretIds),
/* harmony export */   c8: () => (/* binding */ secretVariables),
/* harmony export */   cA: () => (/* binding */ openSecrets),
/* harmony export */   vO: () => (/* binding */ secretEntries)
/* harmony export */ });
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(73024);
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(51455);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(76760);
/* harmony import */ var _disk_files_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(58870);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_8__ = __webpack_require__(36624);
/* harmony import */ var _schema_csv_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(24911);
/* harmony import */ var _schema_fields_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(23510);
/* harmony import */ var _context_js__WEBPACK_IMPORTED_MODULE_6__ = __webpack_require__(52255);
/* harmony import */ var _processes_js__WEBPACK_IMPORTED_MODULE_7__ = __webpack_require__(26361);









function secretsIn(config) {
    const { secrets, 'secret-envs': variables = {}, 'secret-files': paths = {} } = config;
    const named = (name) => ({ id: (0,_schema_fields_js__WEBPACK_IMPORTED_MODULE_5__/* .nameOf */ .Vb)(name), optional: name.endsWith('?') });
    return [
        ...secrets.map(name => ({ ...named(name), variable: (0,_schema_fields_js__WEBPACK_IMPORTED_MODULE_5__/* .nameOf */ .Vb)(name), key: 'build.secrets' })),
        ...Object.entries(variables).map(([name, variable]) => ({ ...named(name), variable, key: 'build.secret-envs' })),
        ...Object.entries(paths).map(([name, path]) => ({ ...named(name), path, key: 'build.secret-files' })),
    ];
}
/** The variable for a secret whose value is given by an input: in memory alone, no file of the run has it. */
const variableFor = (id) => `BUILD_SECRET_${(0,_schema_fields_js__WEBPACK_IMPORTED_MODULE_5__/* .nameOf */ .Vb)(id).replaceAll(/\W/g, '_')}`;
/** The variable for the token that fetches Git contexts from GitHub. A right: no configuration can name it. */
const gitHubToken = 'PCE_GITHUB_TOKEN';
/** The environment variables that hold secrets of a build: no other program gets them. */
const secretVariables = (config) => secretsIn(config).flatMap(({ variable }) => variable ?? []);
/** What a build is asked with: its secrets by id. Where a value is from is no part of the question. */
const secretIds = (config) => secretsIn(config)
    .map(({ id, optional }) => (optional ? `${id}?` : id))
    .sort();
/**
 * Pure: `--secret` for each (docker/buildx, docs/reference/buildx_build.md). Values go by environment, under a name that
 * nothing else has: a secret called PATH must not become buildx's own.
 */
const secretFlags = (config) => secretsIn(config).flatMap(({ id, path }) => [
    '--secret',
    [`id=${id}`, path === undefined ? `env=${handle(id)}` : (0,_schema_csv_js__WEBPACK_IMPORTED_MODULE_4__/* .fieldOf */ ._F)(`src=${path}`)].join(','),
]);
/** Pure: the same as `secret` of a target in a bake file. */
const secretEntries = (config, target) => secretsIn(config).map(({ id, path }) => (path === undefined ? { id, env: handle(id, target) } : { id, src: path }));
/** Of several targets each has its own: one id may be another secret in another target. */
const handle = (id, target = '') => `PCE_SECRET_${target === '' ? '' : `${target}:`}${id}`;
/** moby/buildkit, session/secrets/secretsprovider: MaxSecretSize */
const limit = 500 * 1024;
/** What Linux takes for one string of an environment (execve(2), MAX_ARG_STRLEN), less the name. */
const variableLimit = 128 * 1024 - 200;
/**
 * Looks up the secrets of a build, and masks them. Its contexts are resolved already. @throws UserError for one that is
 * empty or too large, by its name, and for whatever would show a build what processes hold
 */
async function openSecrets(given, scope, target = '') {
    await (0,_processes_js__WEBPACK_IMPORTED_MODULE_7__/* .refuseProcesses */ .c)((0,_processes_js__WEBPACK_IMPORTED_MODULE_7__/* .pathsIn */ .M)(given), scope.context);
    const config = withToken(given, scope);
    const values = new Map();
    const env = {};
    const absent = new Set();
    for (const secret of secretsIn(config)) {
        const value = await readValue(secret, scope);
        if (value.length === 0 && !secret.optional)
            throw new _errors_js__WEBPACK_IMPORTED_MODULE_8__/* .UserError */ .yo(emptySecret(secret));
        if (value.length > limit)
            throw new _errors_js__WEBPACK_IMPORTED_MODULE_8__/* .UserError */ .yo(`${secret.key}: the secret ${secret.id} has ${value.length} bytes; BuildKit takes at most ${limit}`);
        if (value.length === 0) {
            scope.say(`Left out the secret ${secret.id}: it is empty, and optional`);
            absent.add(secret.id);
            continue;
        }
        values.set(secret.id, value);
        if (secret.variable !== undefined)
            env[handle(secret.id, target)] = textFor(secret, value);
    }
    checkSsh(config, scope);
    return { config: absent.size === 0 ? config : without(config, absent), env, values };
}
/** The token of the job for Git contexts on GitHub: under the name that BuildKit gives to that host alone. */
function withToken(config, scope) {
    const { host } = new URL(scope.env.GITHUB_SERVER_URL || 'https://github.com');
    const id = `GIT_AUTH_TOKEN.${host}`;
    const isWanted = (0,_context_js__WEBPACK_IMPORTED_MODULE_6__/* .gitHostsOf */ .j)(config).includes(host) && !secretsIn(config).some(secret => secret.id === id);
    if (!isWanted || !scope.rights[gitHubToken])
        return config;
    return { ...config, 'secret-envs': { ...config['secret-envs'], [id]: gitHubToken } };
}
async function readValue(secret, scope) {
    const { variable } = secret;
    if (variable !== undefined && variable !== gitHubToken)
        return Buffer.from(scope.secret(variable) ?? '');
    const value = variable === undefined ? await readSecretFile(secret, scope) : Buffer.from(scope.rights[variable] ?? '');
    // What is no text can't be in a log as it is.
    if (value.length > 0 && isText(value))
        scope.mask(value.toString('utf8'));
    return value;
}
async function readSecretFile({ id, key, path = '', optional }, { context }) {
    const file = (0,node_path__WEBPACK_IMPORTED_MODULE_2__.resolve)(context, path);
    try {
        return await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.readFile)(file);
    }
    catch (cause) {
        if ((0,_disk_files_js__WEBPACK_IMPORTED_MODULE_3__/* .codeOf */ .$N)(cause) === 'ENOENT' && optional)
            return Buffer.alloc(0);
        const why = (0,_disk_files_js__WEBPACK_IMPORTED_MODULE_3__/* .codeOf */ .$N)(cause) === 'ENOENT' ? 'is not there' : `can't be read (${(0,_disk_files_js__WEBPACK_IMPORTED_MODULE_3__/* .codeOf */ .$N)(cause) ?? 'unknown reason'})`;
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_8__/* .UserError */ .yo(`${key}: the file of the secret ${id} ${why}: ${file}\nWrite it in an earlier step, or make the secret optional: ${id}?=${path}`, { cause });
    }
}
const isText = (value) => Buffer.from(value.toString('utf8')).equals(value);
function textFor({ id, key }, value) {
    if (value.length <= variableLimit)
        return value.toString('utf8');
    throw new _errors_js__WEBPACK_IMPORTED_MODULE_8__/* .UserError */ .yo(`${key}: the secret ${id} has ${value.length} bytes, more than an environment holds\nWrite it to a file, and name that: secret-files: ${id}=path`);
}
function emptySecret({ id, key, variable = '', path }) {
    if (path !== undefined)
        return `${key}: the file of the secret ${id} is empty: ${path}\nOne that may be empty is written ${id}?=${path}`;
    if (variable === variableFor(id))
        return `build.secrets: the secret ${id} is empty\nGive this step a value for it (secrets: ${id}=…); forks' pull requests get no secrets. One that may be empty is written ${id}?=…`;
    return `${key}: the secret ${id} is empty\nSet the environment variable ${variable} (on GitHub: env: { ${variable}: a secret }); forks' pull requests get no secrets. One that may be empty is written ${id}?.`;
}
function without(config, absent) {
    const kept = (map = {}) => Object.fromEntries(Object.entries(map).filter(([name]) => !absent.has((0,_schema_fields_js__WEBPACK_IMPORTED_MODULE_5__/* .nameOf */ .Vb)(name))));
    return {
        ...config,
        secrets: config.secrets.filter(name => !absent.has((0,_schema_fields_js__WEBPACK_IMPORTED_MODULE_5__/* .nameOf */ .Vb)(name))),
        'secret-envs': kept(config['secret-envs']),
        'secret-files': kept(config['secret-files']),
    };
}
/** @throws UserError where an agent or a key that the build is to have is not there */
function checkSsh({ ssh = [] }, { env, context }) {
    for (const item of ssh) {
        const [id = '', path] = item.split(/=(.*)/s, 2);
        if (path === undefined && id === 'default' && !env.SSH_AUTH_SOCK)
            throw new _errors_js__WEBPACK_IMPORTED_MODULE_8__/* .UserError */ .yo('build.ssh: default is the SSH agent, and SSH_AUTH_SOCK is not set\nStart one first (eval "$(ssh-agent)"; ssh-add), or name a key: ssh: default=path');
        if (path === undefined && id !== 'default')
            throw new _errors_js__WEBPACK_IMPORTED_MODULE_8__/* .UserError */ .yo(`build.ssh: ${id} has no key\nName it: ssh: ${id}=path`);
        const missing = path?.split(',').find(file => !(0,node_fs__WEBPACK_IMPORTED_MODULE_0__.existsSync)((0,node_path__WEBPACK_IMPORTED_MODULE_2__.resolve)(context, file)));
        if (missing !== undefined)
            throw new _errors_js__WEBPACK_IMPORTED_MODULE_8__/* .UserError */ .yo(`build.ssh: there is no key or socket ${(0,node_path__WEBPACK_IMPORTED_MODULE_2__.resolve)(context, missing)} for ${id}`);
    }
}


/***/ }),

/***/ 61524:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Y: () => (/* binding */ credentialsOf)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(36624);

/** User name and password for a push or for pulls, or neither. @throws UserError when one is given without the other. */
function credentialsOf({ read, from }, { use, needed, advice }) {
    const [user, word] = use === 'push' ? ['username', 'password'] : ['pull-username', 'pull-password'];
    const [username, password] = [read(user), read(word)];
    if (username !== undefined && password !== undefined)
        return { username, password };
    if (!needed || (username === undefined && password === undefined))
        return undefined;
    const [missing, given] = username === undefined ? [user, word] : [word, user];
    throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .UserError */ .yo(`${from(missing)}: empty, while ${from(given)} is given\n${advice}`);
}


/***/ }),

/***/ 70800:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  o: () => (/* binding */ actions),
  F: () => (/* binding */ overridesOf)
});

// EXTERNAL MODULE: ./.build/src/config/shape.js
var shape = __webpack_require__(88583);
;// CONCATENATED MODULE: ./.build/src/config/input.js

/** The input for one key of `pce.yml`, described as the key is; it has the key's name when no other is given. */
function inputFor(path, name = path.at(-1) ?? '') {
    const { description = '', default: usual } = (0,shape/* shapeAt */.ln)(path) ?? {};
    const words = wordsOf(usual);
    return { name, description, path, ...(words === '' ? {} : { usual: words }) };
}
/** An input for each key of a section. */
const inputsFor = (section) => Object.keys((0,shape/* shapeAt */.ln)([section])?.properties ?? {}).map(key => inputFor([section, key]));
/** A default as a reader takes it in: an empty list or map is no default. */
function wordsOf(value) {
    if (Array.isArray(value))
        return value.join(', ');
    return typeof value === 'object' || value === undefined ? '' : String(value);
}

;// CONCATENATED MODULE: ./.build/src/config/output.js
const run = { name: 'run', description: 'Directory of the run: record, parts and logs' };
const record = { name: 'record', description: 'Path of run.json, the record of everything that was done' };
const verdict = { name: 'verdict', description: 'passed or failed' };
const output_image = { name: 'image', description: 'Reference of the image by digest; the first one where there are several' };
const digest = { name: 'digest', description: 'Digest of the image; the first one where there are several' };
const output_images = { name: 'images', description: 'All images as a JSON list of name@digest' };
const imageid = { name: 'imageid', description: 'Digest of the configuration of the image, which Docker calls its id' };
const platforms = {
    name: 'platform-digests',
    description: 'Digests of the manifests of the image by platform, as a JSON object',
};
const tags = { name: 'tags', description: 'Full references of the image, one a line' };
const tagNames = { name: 'tag-names', description: 'Tags of the image, one a line' };
const labels = { name: 'labels', description: 'Labels of the image, one name=value a line' };
const annotations = { name: 'annotations', description: 'Annotations of the image, one level:name=value a line' };
const json = { name: 'json', description: 'Tags, labels and annotations as a JSON object, as of metadata-action' };
const version = { name: 'version', description: 'The first of the tags' };
const metadata = {
    name: 'metadata',
    description: 'What docker buildx says of the build, as JSON; where there are several platforms, also by platform',
};
const bakeFile = {
    name: 'bake-file',
    description: 'Path of a bake file with tags, labels and annotations in the target docker-metadata-action',
};
const hits = { name: 'cache-hit-ratio', description: "Share of the build's steps that came from a cache, 0.00 to 1.00" };
const outputsFile = {
    name: 'outputs-file',
    description: 'Path of a JSON file with all outputs: a long one does not fit into the arguments of a command',
};
const pushed = { name: 'pushed', description: 'References that were pushed, with their digests, as a JSON list' };
const hosts = { name: 'registries', description: 'Registry hosts that are logged in to, as a JSON list' };
const registry = { name: 'registry', description: 'The first of the registry hosts' };
const account = { name: 'aws-account-id', description: 'Account of the AWS identity' };
const role = { name: 'role-arn', description: 'ARN of the role that was assumed; empty without one' };
const identity = {
    name: 'authenticated-arn',
    description: 'ARN of who AWS takes this job for: the session of the role, or whose credentials those of the machine are',
};
const expires = {
    name: 'expires-at',
    description: 'When the first of the logins, or of the credentials that are given on, ends (ISO 8601), where it is known',
};
const dockerConfig = { name: 'docker-config', description: 'Directory of the Docker configuration with the logins' };
const outputs = {
    root: [output_images, output_image, digest, verdict, record, run, pushed],
    build: [
        output_image,
        digest,
        imageid,
        platforms,
        output_images,
        tags,
        tagNames,
        labels,
        annotations,
        json,
        version,
        metadata,
        bakeFile,
        hits,
        pushed,
        run,
        record,
        outputsFile,
    ],
    check: [verdict, record, run],
    scan: [verdict, record, run],
    test: [verdict, record, run],
    push: [pushed, digest, run, record],
    login: [registry, hosts, account, role, identity, expires, dockerConfig],
};

;// CONCATENATED MODULE: ./.build/src/config/inputs.js


const where = [
    {
        name: 'config',
        description: 'Configuration file, relative to working-directory',
        usual: 'pce.yml, if there is one',
    },
    { name: 'working-directory', description: 'Directory of the repository to work in', default: '.' },
];
const credentials = [
    { name: 'username', description: 'User name for the registries; used for the push alone' },
    { name: 'password', description: 'Password or token for the registries; used for the push alone', secret: true },
];
const pulls = [
    { name: 'pull-username', description: 'User name for pulls from the registries; better one that may not push' },
    { name: 'pull-password', description: 'Password or token for pulls from the registries', secret: true },
];
const push = {
    name: 'push',
    description: 'Push and tag the images, once every gate has passed',
    default: 'false',
};
const only = {
    name: 'only',
    description: 'Names of the checks to run, one a line',
    usual: 'all of them',
};
const aws = inputsFor('login');
/** What a stage that only pulls may be given: nothing is made for it. */
const pullRights = [...aws.filter(({ name }) => name !== 'create-repository'), ...pulls];
const login = [
    { name: 'registries', description: 'Registry hosts to log in to, one a line', required: true },
    ...aws.filter(({ name }) => name !== 'create-repository'),
    { name: 'username', description: 'User name for registries other than ECR' },
    { name: 'password', description: 'Password or token for registries other than ECR', secret: true },
    {
        name: 'export-credentials',
        description: 'Give the AWS credentials to the steps that follow, as AWS_ACCESS_KEY_ID and so on; gone when the job ends',
        default: 'false',
    },
];
const tests = [
    inputFor(['unit', 'target']),
    inputFor(['unit', 'run']),
    inputFor(['unit', 'junit']),
    inputFor(['unit', 'timeout'], 'unit-timeout'),
    inputFor(['compose']),
    inputFor(['app', 'port']),
    inputFor(['app', 'ready']),
    inputFor(['app', 'service']),
    inputFor(['app', 'before']),
    inputFor(['app', 'timeout'], 'ready-timeout'),
    inputFor(['newman', 'collections']),
    inputFor(['newman', 'environment']),
    inputFor(['newman', 'base-url-variable']),
    inputFor(['newman', 'min-requests']),
    inputFor(['newman', 'min-assertions']),
    inputFor(['newman', 'timeout'], 'newman-timeout'),
];
const targets = [
    inputFor(['registries']),
    inputFor(['destinations'], 'images'),
    inputFor(['tags']),
    inputFor(['flavor']),
];
const gitHubToken = {
    name: 'github-token',
    description: 'Token with which a Git context is fetched from GitHub; no other host gets it',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: GitHub puts the job's token in its place
    default: '${{ github.token }}',
    secret: true,
};
const built = [inputFor(['image']), inputFor(['platforms']), inputFor(['annotations'])];
const pushBuilt = {
    name: 'push',
    description: 'Push and tag what is built at once; nothing scans or tests it, and a red verdict of this job refuses it',
    default: 'false',
};
const jobStatus = {
    name: 'job-status',
    description: 'How the job ended, which the step after it asks: no layer cache is written when the job failed',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: GitHub puts the state of the job in its place
    default: '${{ job.status }}',
};
const caches = [
    inputFor(['cache', 'type'], 'cache'),
    inputFor(['cache', 'cache-from']),
    inputFor(['cache', 'cache-to']),
    inputFor(['cache', 'mode'], 'cache-mode'),
    inputFor(['cache', 'scope'], 'cache-scope'),
    inputFor(['cache', 'ref'], 'cache-ref'),
];
const builder = [
    inputFor(['builder', 'name'], 'builder'),
    inputFor(['builder', 'driver']),
    inputFor(['builder', 'driver-opts']),
    inputFor(['builder', 'endpoint']),
    inputFor(['builder', 'append']),
    inputFor(['builder', 'buildkitd-flags']),
    inputFor(['builder', 'buildkitd-config']),
    inputFor(['builder', 'buildkitd-config-inline']),
    inputFor(['builder', 'qemu']),
];
const make = (name, description, inputs) => ({
    name: name === 'root' ? 'pce' : `pce ${name}`,
    description,
    inputs,
    outputs: outputs[name],
    post: true,
});
/** The only list of inputs and outputs: action.yml, README tables and flags are made from it. */
const actions = {
    root: make('root', 'From a commit to a checked, tested, scanned image in a registry: the whole pipeline as one step', [...where, ...built, push, ...targets, ...aws, ...credentials, ...pulls]),
    build: make('build', 'Build the image once and stage it by digest, for the steps that judge it and push it', [
        ...where,
        ...built,
        ...inputsFor('build'),
        inputFor(['cache-mounts']),
        ...caches,
        gitHubToken,
        jobStatus,
        pushBuilt,
        ...targets,
        ...aws,
        ...credentials,
        ...pulls,
        ...builder,
    ]),
    check: make('check', 'Run the source checks side by side, and lint the Dockerfile', [
        ...where,
        only,
        inputFor(['hadolint']),
    ]),
    scan: make('scan', 'Scan the source and the image, at the digest that ships', [...where, ...inputsFor('scan')]),
    test: make('test', 'Run unit tests and Postman collections against the image that ships', [
        ...where,
        ...tests,
        ...pullRights,
    ]),
    push: make('push', 'Push the image that passed every gate, by digest, and tag it', [
        ...where,
        ...targets,
        ...aws,
        ...credentials,
    ]),
    login: make('login', 'Log in to registries for the steps that follow, and log out when the job ends', login),
};
/** What the given inputs or flags say, as overrides of `pce.yml`. `from` names an input in a message: `input block`. */
const overridesOf = (action, read, from) => actions[action].inputs.flatMap(({ name, path }) => {
    const text = path === undefined ? undefined : read(name);
    return path === undefined || text === undefined ? [] : [{ path, text, from: from(name) }];
});


/***/ }),

/***/ 52122:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  y: () => (/* binding */ perform_perform),
  i: () => (/* binding */ prepare)
});

// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(73024);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(76760);
// EXTERNAL MODULE: ./node_modules/zod/v4/classic/schemas.js + 6 modules
var schemas = __webpack_require__(40104);
// EXTERNAL MODULE: ./.build/src/docker/docker.js
var docker = __webpack_require__(74014);
// EXTERNAL MODULE: ./.build/src/errors.js
var errors = __webpack_require__(36624);
// EXTERNAL MODULE: ./.build/src/schema/fields.js
var fields = __webpack_require__(23510);
// EXTERNAL MODULE: ./.build/src/schema/rights.js
var rights = __webpack_require__(80096);
// EXTERNAL MODULE: ./.build/src/build/csv.js
var csv = __webpack_require__(20184);
// EXTERNAL MODULE: ./.build/src/build/secrets.js
var build_secrets = __webpack_require__(43149);
;// CONCATENATED MODULE: ./.build/src/build/bake.js








const texts = schemas/* record */.g1P(schemas/* string */.YjP(), schemas/* string */.YjP());
/** A target as `docker buildx bake --print` writes it (docker/buildx, docs/bake-reference.md): what we read or change. */
const targetSchema = schemas/* looseObject */._H3({
    context: schemas/* string */.YjP().default('.'),
    dockerfile: schemas/* string */.YjP().default('Dockerfile'),
    'dockerfile-inline': schemas/* string */.YjP().optional(),
    target: schemas/* string */.YjP().optional(),
    args: schemas/* record */.g1P(schemas/* string */.YjP(), schemas/* string */.YjP().nullable()).optional(),
    contexts: texts.optional(),
    labels: texts.optional(),
    annotations: schemas/* array */.YOg(schemas/* string */.YjP()).optional(),
    tags: schemas/* array */.YOg(schemas/* string */.YjP()).optional(),
    // Several may stand in one text: --set *.platform=linux/amd64,linux/arm64.
    platforms: schemas/* array */.YOg(schemas/* string */.YjP())
        .transform(all => all.flatMap(text => text.split(',').map(one => one.trim())).filter(one => one !== ''))
        .optional(),
    secret: schemas/* array */.YOg(schemas/* looseObject */._H3({ id: schemas/* string */.YjP().optional(), env: schemas/* string */.YjP().optional(), src: schemas/* string */.YjP().optional() }))
        .optional(),
    'cache-from': schemas/* array */.YOg(schemas/* json */.Pq9()).optional(),
    'cache-to': schemas/* array */.YOg(schemas/* json */.Pq9()).optional(),
});
const definitionSchema = schemas/* looseObject */._H3({
    group: schemas/* record */.g1P(schemas/* string */.YjP(), schemas/* looseObject */._H3({ targets: schemas/* array */.YOg(schemas/* string */.YjP()) })).default({}),
    target: schemas/* record */.g1P(schemas/* string */.YjP(), targetSchema).default({}),
});
/** Pure: argv of the look at bake files, without `docker`. */
const planBakePrint = (question) => [
    'buildx',
    'bake',
    '--print',
    '--progress=quiet',
    ...(question['bake-files'] ?? []).flatMap(file => ['--file', file]),
    ...(question.set ?? []).flatMap(item => ['--set', item]),
    ...Object.entries(question.vars ?? {}).flatMap(([name, value]) => ['--var', `${name}=${value}`]),
    ...(question.allow ?? []).flatMap(item => ['--allow', item]),
    ...question.targets,
];
/** Reads bake files: HCL, JSON, Compose. @throws UserError with the words of bake when it can't */
async function readBake(question, engine) {
    const end = await (0,docker/* tryDocker */.IY)('Read the bake files', planBakePrint(question), engine);
    if (end.exitCode !== 0)
        throw new errors/* UserError */.yo(`build.bake-files: ${wordsOf(end.stderr)}\n${adviceFor(end.stderr)}`);
    return parseBake(end.stdout);
}
const wordsOf = (text) => text
    .trim()
    .replace(/^ERROR: /gm, '')
    .split('\n')
    .slice(-10)
    .join('\n');
function adviceFor(text) {
    if (/unknown flag: --var/.test(text))
        return 'vars need buildx 0.31 or later: update it, or give them by environment.';
    if (/failed to find target/.test(text))
        return 'docker buildx bake --list=targets shows which there are.';
    return 'docker buildx bake --print shows what it makes of them.';
}
/** Pure: what `bake --print` wrote: a bake file again, in which a text that is no template has its signs twice. */
function parseBake(text) {
    const { group, target } = definitionSchema.parse(JSON.parse(text.replaceAll(/([$%])\1\{/g, '$1{')));
    // A target has the same name as a group where a file has a target called default: buildx makes a group of it.
    const membersOf = (name) => group[name]?.targets.flatMap(member => (member === name ? [name] : membersOf(member))) ?? [name];
    return { wanted: [...new Set(membersOf('default'))].sort(), targets: target };
}
/** Pure: what is the same for targets that one bake makes: the same files, asked in the same way. */
const bakeKeyOf = ({ 'bake-files': files, set, vars }) => JSON.stringify([files, set, vars]);
/** Pure: a target, and those that it is built on, itself first. */
function reachedFrom(name, targets) {
    const found = new Set();
    const visit = (one) => {
        const target = targets[one];
        if (target === undefined || found.has(one))
            return;
        found.add(one);
        for (const context of Object.values(target.contexts ?? {})) {
            const [, linked] = /^target:(.*)$/.exec(context) ?? [];
            if (linked !== undefined)
                visit(linked);
        }
    };
    visit(name);
    return [...found];
}
/** Pure: the caches that a target names; undefined where it names none. */
function cachesOf({ 'cache-from': from = [], 'cache-to': to = [], }) {
    return from.length + to.length === 0 ? undefined : { from: from.map(textOf), to: to.map(textOf) };
}
/** A cache as an option: newer versions of buildx write an object. */
function textOf(cache) {
    if (typeof cache === 'string')
        return cache;
    const { type, ...attributes } = Object(cache);
    return (0,csv/* csvOf */.Q)(Object.entries({ type, ...attributes }).map(([name, value]) => `${name}=${value}`));
}
/** Pure: the secrets of a target, and those of the configuration for all targets, which win. @throws UserError */
function secretsOf({ secret = [] }, target, own) {
    const given = new Set((0,build_secrets/* secretIds */.bT)(own).map(fields/* nameOf */.Vb));
    const others = secret
        .map(({ id, env, src }) => ({ id: id ?? env ?? (0,external_node_path_.basename)(src ?? ''), env, src }))
        .filter(({ id }) => !given.has(id));
    const variables = others.filter(({ src }) => src === undefined).map(({ id, env }) => [id, env ?? id]);
    const right = variables.find(([, variable]) => (0,rights/* isRight */.F)(variable));
    if (right !== undefined)
        throw new errors/* UserError */.yo(`secret ${right[0]} of the bake target ${target}: found ${right[1]}, expected ${rights/* rightMessage */.c}`);
    return {
        secrets: own.secrets,
        'secret-envs': { ...Object.fromEntries(variables), ...own['secret-envs'] },
        'secret-files': {
            ...Object.fromEntries(others.flatMap(({ id, src }) => (src === undefined ? [] : [[id, src]]))),
            ...own['secret-files'],
        },
    };
}

// EXTERNAL MODULE: ./.build/src/build/config.js
var build_config = __webpack_require__(95072);
// EXTERNAL MODULE: ./.build/src/cache/config.js
var config = __webpack_require__(68994);
// EXTERNAL MODULE: ./.build/src/tags/name.js
var tags_name = __webpack_require__(7334);
;// CONCATENATED MODULE: ./.build/src/config/image-name.js
/**
 * A repository name out of names that people gave: lower case, each part with single separators inside (OCI
 * distribution-spec, "Pulling manifests"). Undefined when nothing usable is left.
 */
function imageNameOf(...names) {
    const parts = names.flatMap(name => name.split('/')).map(partOf);
    const kept = parts.filter(part => part !== '');
    return kept.length === 0 ? undefined : kept.join('/');
}
const partOf = (name) => name
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/[._-]{2,}/g, separators => (/^(__|-+)$/.test(separators) ? separators : '-'))
    .replace(/^[._-]+|[._-]+$/g, '');

;// CONCATENATED MODULE: ./.build/src/config/bake.js







/**
 * Puts in place of an image that comes of bake files what those say: an image for each target. They are read now, by
 * buildx, since a plan knows its images.
 * @throws UserError for what does not go together; OutsideError where buildx is not there
 */
async function withBake(config, engine) {
    const all = Object.entries(config.images).map(([name, image]) => ({ name, image }));
    if (!all.some(({ image }) => isBaked(image)))
        return config;
    const read = await Promise.all(all.map(async (one) => ({
        ...one,
        definition: isBaked(one.image) ? await definitionFor(one.image, engine) : undefined,
    })));
    return { ...config, images: imagesFrom(read) };
}
const isBaked = ({ build }) => bakeKeys.some(key => build[key] !== undefined);
const bakeKeys = ['bake-files', 'targets', 'set', 'vars'];
async function definitionFor({ build, unit }, engine) {
    const targets = build.targets ?? (build.target === undefined ? [] : [build.target]);
    const definition = await readBake({ ...build, targets }, engine);
    check(definition);
    if (unit === undefined)
        return definition;
    const tests = await readBake({ ...build, targets: [unit.target] }, engine);
    check(tests);
    return { ...definition, targets: { ...tests.targets, ...definition.targets } };
}
/** @throws UserError for what logs and the record would show */
function check(definition) {
    checkContexts(definition);
    checkCaches(definition);
}
/** @throws UserError for a cache with a key or a token in it */
function checkCaches({ targets }) {
    for (const [name, target] of Object.entries(targets)) {
        const { from = [], to = [] } = cachesOf(target) ?? {};
        const right = [...from, ...to].map(config/* rightIn */.g).find(found => found !== undefined);
        if (right !== undefined)
            throw new errors/* UserError */.yo(`build.bake-files: a cache of the target ${name} has ${right} (not shown), which the record would show\nName it without, and sign in by the environment or a login.`);
    }
}
/** @throws UserError for a context with a user and password in it, which logs and the record would show */
function checkContexts({ targets }) {
    const all = Object.entries(targets);
    const found = all.find(([, { context, contexts = {} }]) => [context, ...Object.values(contexts)].some(build_config/* signsIn */.go));
    if (found !== undefined)
        throw new errors/* UserError */.yo(`build.bake-files: a context of the target ${found[0]} has a user in its URL (not shown), which logs would show\nName it without, and give the secret GIT_AUTH_TOKEN.HOST.`);
}
/** Pure: an image for each target that was asked for. One that is alone keeps its name. */
function imagesFrom(all) {
    const images = all.flatMap(({ definition, ...one }) => {
        if (definition === undefined)
            return [{ of: one.name, name: one.name, image: one.image }];
        const [only, ...others] = definition.wanted;
        if (only !== undefined && others.length === 0)
            return [{ of: one.name, name: one.name, image: bakedImage(one.image, only, definition) }];
        return definition.wanted.map(target => ({
            of: one.name,
            name: nameOf(target),
            image: bakedImage(named(one.image, target, definition), target, definition),
        }));
    });
    const twice = images.find(({ name }, at) => images.findIndex(other => other.name === name) !== at);
    if (twice !== undefined) {
        const from = [...new Set(images.flatMap(({ name, of }) => (name === twice.name ? [of] : [])))];
        throw new errors/* UserError */.yo(`build.targets: two images would be called ${twice.name}${from.length === 1 ? '' : `, from ${from.join(' and from ')}`}\nSay in images which target each is of: images: { web: { image: …, build: { target: web } } }`);
    }
    return Object.fromEntries(images.map(({ name, image }) => [name, image]));
}
const nameOf = (target) => target
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
/** The repository of one of several targets: that of its first tag, else a part of the image's own. */
function named(image, target, { targets }) {
    const [tag] = targets[target]?.tags ?? [];
    const { host, path } = (0,tags_name/* splitHost */.Ve)((tag ?? '').replace(/(:[\w.-]+)?(@.*)?$/, ''));
    const repository = imageNameOf(path) ?? `${image.image}/${nameOf(target)}`;
    const registries = image.destinations.map(({ registry }) => registry);
    const hosts = registries.length === 0 && host !== undefined ? [host] : [...new Set(registries)];
    return { ...image, image: repository, destinations: hosts.map(registry => ({ registry, repository })) };
}
function bakedImage(image, name, definition) {
    const target = definition.targets[name];
    if (target === undefined)
        throw new errors/* UserError */.yo(`build.targets: the bake files have no target ${name}`);
    const { platforms = [] } = target;
    const isUsual = image.platforms.length === 1 && image.platforms[0] === 'native';
    return {
        ...image,
        // What a run is asked for by name wins; else each target has its own.
        platforms: isUsual && platforms.length > 0 ? platforms : image.platforms,
        build: buildOf(image.build, name, target),
        annotations: [...(target.annotations ?? []), ...image.annotations],
        baked: { ...definition, wanted: [] },
    };
}
/** What a target says, as the build section would: for whoever looks at Dockerfiles, secrets and labels. */
function buildOf(build, name, target) {
    const { context, dockerfile, args = {}, contexts = {}, labels = {} } = target;
    const isLocal = !(0,build_config/* isRemote */.Vx)(context);
    const values = (map) => Object.fromEntries(Object.entries(map).filter((entry) => entry[1] !== null));
    return {
        ...build,
        context,
        file: isLocal ? external_node_path_.posix.join(context, dockerfile) : dockerfile,
        target: name,
        'build-args': values(args),
        'build-contexts': values(contexts),
        labels: { ...labels, ...build.labels },
        ...secretsOf(target, name, build),
    };
}

// EXTERNAL MODULE: ./node_modules/yaml/dist/index.js
var dist = __webpack_require__(38815);
;// CONCATENATED MODULE: ./.build/src/config/document.js

/** Maps whose values are text whatever they look like: `OTP_VERSION: 27.0` must not become 27. */
const textual = new Set(['build-args', 'build-contexts', 'labels', 'env', 'tags', 'vars']);
/** Parses YAML 1.2 with merge keys. Never throws: what is wrong is in `faults`, and never quotes the document. */
function parseDocument(text) {
    const counter = new dist/* LineCounter */.HN();
    const document = (0,dist/* parseDocument */.Tp)(text, { lineCounter: counter, prettyErrors: false, stringKeys: true, merge: true });
    const at = (offset) => ({ line: counter.linePos(offset).line, column: counter.linePos(offset).col });
    const broken = [...document.errors, ...document.warnings].map(({ message, pos }) => fault(unquoted(message), at(pos[0])));
    const offsetOf = (path) => offsetAt(document, path);
    const locate = (path) => optional(offsetOf(path), at);
    const faults = [
        ...broken,
        ...danglingIn(document).map(offset => fault('no such anchor before this alias', at(offset))),
    ];
    if (faults.length > 0)
        return { tree: undefined, faults, locate };
    keepText(document);
    return { ...plain(document), locate };
}
const fault = (message, at) => ({ path: [], message, at });
const optional = (value, map) => value === undefined ? undefined : map(value);
/** The parser's messages, without the pieces of the document that some of them quote: it may hold a secret. */
const unquoted = (message) => message.replace(/:?\s*".*$/s, '');
/** Offsets of aliases that stand for nothing. */
function danglingIn(document) {
    const offsets = [];
    (0,dist/* visit */.YR)(document, {
        Alias(_, alias) {
            if (alias.resolve(document) === undefined)
                offsets.push(alias.range?.[0] ?? 0);
        },
    });
    return offsets;
}
function keepText(document) {
    (0,dist/* visit */.YR)(document, {
        Pair(_, { key, value }, around) {
            if ((0,dist/* isScalar */.jn)(key) && textual.has(String(key.value)) && (0,dist/* isMap */.jh)(value))
                for (const { value: item } of value.items)
                    keepSource(item);
            if (isMatrix(key, around) && (0,dist/* isMap */.jh)(value))
                (0,dist/* visit */.YR)(value, { Scalar: (at, item) => (at === 'key' ? undefined : keepSource(item)) });
        },
    });
}
function keepSource(item) {
    if ((0,dist/* isScalar */.jn)(item) && item.value !== null && item.source !== undefined)
        item.value = item.source;
}
/** True for `matrix` at the root, and for that of an image: `images`, its name, its keys. */
function isMatrix(key, around) {
    if (!(0,dist/* isScalar */.jn)(key) || key.value !== 'matrix')
        return false;
    const [, , images] = around;
    return (around.length === 2 ||
        (around.length === 6 && (0,dist/* isPair */.tO)(images) && (0,dist/* isScalar */.jn)(images.key) && images.key.value === 'images'));
}
function plain(document) {
    try {
        const tree = document.toJS({ maxAliasCount: 100 });
        // Throws where an alias holds itself, which nothing after this could walk.
        const json = JSON.stringify(tree);
        if (json.includes('"__proto__":'))
            return { tree: undefined, faults: [{ path: [], message: '__proto__ is no key' }] };
        return { tree: tree ?? undefined, faults: [] };
    }
    catch {
        return {
            tree: undefined,
            faults: [{ path: [], message: 'too many aliases, or an alias inside of what it stands for' }],
        };
    }
}
/** The offset of the deepest key of a path that is in the document. */
function offsetAt(document, path) {
    let node = document.contents;
    let offset;
    for (const key of path) {
        const step = stepInto((0,dist/* isAlias */.Vj)(node) ? node.resolve(document) : node, key);
        if (step === undefined)
            return offset;
        offset = step.offset;
        node = step.node;
    }
    return offset;
}
function stepInto(node, key) {
    if ((0,dist/* isSeq */.oP)(node) && typeof key === 'number') {
        const item = node.items[key];
        return item && { offset: item.range?.[0], node: item };
    }
    const pair = (0,dist/* isMap */.jh)(node)
        ? node.items.find(item => (0,dist/* isScalar */.jn)(item.key) && String(item.key.value) === String(key))
        : undefined;
    return pair && (0,dist/* isScalar */.jn)(pair.key) ? { offset: pair.key.range?.[0], node: pair.value } : undefined;
}

// EXTERNAL MODULE: ./.build/src/config/fault.js
var config_fault = __webpack_require__(83274);
;// CONCATENATED MODULE: ./.build/src/config/dockerfile.js
const instruction = /^\s*(FROM|EXPOSE|ARG|ENV)\s+(.*)$/i;
/**
 * The stages of a Dockerfile, for a guess at what they are for: a look at its lines, no parser. Text in heredocs is
 * taken for instructions, and variables are known only where ARG or ENV gives them a plain value.
 */
function findStages(text) {
    const variables = new Map();
    const stages = [];
    for (const [, name = '', rest = ''] of linesOf(text, instruction)) {
        const words = expandIn(rest, variables).split(/\s+/);
        const last = stages.at(-1);
        if (/^from$/i.test(name))
            stages.push(stageOf(words, stages.length));
        else if (!/^expose$/i.test(name))
            remember(rest, variables);
        else if (last !== undefined)
            stages.splice(-1, 1, { ...last, port: last.port ?? portOf(words) });
    }
    return stages;
}
/** The lines of a Dockerfile that hold an instruction: its name, then the rest. Lines that are continued are one. */
function linesOf(text, pattern) {
    const joined = text.replace(/\\[ \t]*\r?\n/g, ' ');
    return joined
        .split(/\r?\n/)
        .map(line => pattern.exec(line))
        .filter(match => match !== null);
}
/** The stage that the words after FROM begin; `index` is its number. */
function stageOf(words, index) {
    const [base = '', as = '', name] = words.filter(word => !word.startsWith('--'));
    return { name: /^as$/i.test(as) && name !== undefined ? name.toLowerCase() : String(index), base, port: undefined };
}
/** Takes in what ARG or ENV gives a plain value. */
function remember(rest, variables) {
    for (const [, name = '', value = ''] of rest.matchAll(/([A-Za-z_]\w*)=("[^"]*"|\S*)/g)) {
        variables.set(name, expandIn(value.replaceAll('"', ''), variables));
    }
}
const expandIn = (text, variables) => text.replace(/\$(?:\{(\w+)(?::?-([^}]*))?\}|(\w+))/g, (whole, braced, fallback, bare) => variables.get(braced ?? bare) ?? fallback ?? whole);
function portOf(words) {
    const [port] = words.flatMap(word => /^(\d{1,5})(\/tcp)?$/i.exec(word)?.[1] ?? []).map(Number);
    return port !== undefined && port > 0 && port < 65_536 ? port : undefined;
}
/** The port of a stage, its own or that of the stage it is FROM. */
function findPort(stages, { port, base, name }) {
    if (port !== undefined)
        return port;
    const index = stages.findIndex(stage => stage.name === name);
    const earlier = stages.slice(0, index);
    const parent = earlier.findLast(stage => stage.name === base.toLowerCase());
    return parent === undefined ? undefined : findPort(earlier, parent);
}

;// CONCATENATED MODULE: ./.build/src/config/guess.js


/** The image's name: that of the git remote, or the directory's. */
function guessImage({ directory, remote, prefix = '' }) {
    const path = pathOf(remote ?? '');
    const fromRemote = path === '' ? undefined : imageNameOf(path, prefix.split('/').at(-1) ?? '');
    const image = fromRemote ?? imageNameOf(directory) ?? 'app';
    const origin = fromRemote === undefined ? "the directory's name" : 'the git remote';
    return { key: 'image', tree: { image }, note: `image: ${image}, from ${origin}` };
}
/** `acme/web` of `https://host/acme/web.git`, `git@host:acme/web`; empty for a path on this machine. */
function pathOf(remote) {
    const [, path = ''] = /^(?:(?!file:)[a-z+]+:\/\/[^/]+\/|[^/:]+@[^/:]+:)(.+?)(?:\.git)?\/*$/i.exec(remote) ?? [];
    return path;
}
/** What a Dockerfile says: the stage that ships, the stage that tests, the port. */
function guessFrom({ path, text }, target) {
    const stages = findStages(text);
    const test = stages.find(({ name }) => /^tests?(-image)?$/.test(name));
    const shipped = stages.find(({ name }) => name === target?.toLowerCase()) ?? stages.findLast(stage => stage !== test);
    return [
        ...guessBuild(path, shipped === stages.at(-1) ? undefined : shipped),
        ...(test === undefined
            ? []
            : [
                {
                    key: 'unit.target',
                    tree: { unit: { target: test.name } },
                    note: `unit.target: ${test.name}, a stage of ${path}`,
                },
            ]),
        ...guessApp(path, shipped === undefined ? undefined : findPort(stages, shipped)),
    ];
}
const guessBuild = (file, shipped) => [
    { key: 'build.file', tree: { build: { file } }, note: `build.file: ${file}, found in the repository` },
    ...(shipped === undefined ? [] : [guessTarget(file, shipped.name)]),
];
/** The last stage is for tests: it must not be taken for what ships. */
const guessTarget = (file, target) => ({
    key: 'build.target',
    tree: { build: { target } },
    note: `build.target: ${target}, the last stage of ${file} that is not for tests`,
});
const guessApp = (path, port) => port === undefined
    ? []
    : [{ key: 'app.port', tree: { app: { port } }, note: `app.port: ${port}, from EXPOSE in ${path}` }];
const guessCompose = ({ compose }) => compose === undefined
    ? []
    : [{ key: 'compose', tree: { compose }, note: `compose: ${compose}, found in the repository` }];
/** Newman needs an address to talk to; collections without a known port are told, never passed over. */
function guessNewman({ collections }, hasApp) {
    if (collections.length === 0)
        return [];
    const found = collections.join(', ');
    if (hasApp)
        return [
            {
                key: 'newman.collections',
                tree: { newman: { collections } },
                note: `newman: ${found}, found in the repository`,
            },
        ];
    return [
        {
            key: 'newman.collections',
            tree: {},
            note: `Skipped newman: ${found} can't run, since no port is known; set app.port`,
        },
    ];
}

// EXTERNAL MODULE: ./.build/src/config/tree.js
var config_tree = __webpack_require__(14384);
;// CONCATENATED MODULE: ./.build/src/config/infer.js




/**
 * Guesses what was not written. Without any written key everything comes from the repository; else the file says which
 * stages there are, and only what can't be done without is guessed: the image's name, the only Dockerfile. Pure.
 */
function infer({ written, facts, given }) {
    if (Object.keys(written).length > 0)
        return inferredOf(gapsIn(written, facts), written, given);
    if (isElsewhere(facts, given))
        return inferredOf([guessImage(facts), ...guessCompose(facts)], written, given);
    const dockerfile = choose(facts);
    if ('message' in dockerfile)
        return { tree: {}, notes: [], faults: [{ path: [], message: dockerfile.message }] };
    const build = guessFrom(dockerfile, facts.target);
    const hasApp = given.includes('app.port') || build.some(({ key }) => key === 'app.port');
    const guesses = [guessImage(facts), ...build, ...guessCompose(facts), ...guessNewman(facts, hasApp)];
    return inferredOf(guesses, written, given);
}
/** True where no Dockerfile of the repository says what is built, so that none is looked for. */
const isElsewhere = ({ context }, given) => (0,build_config/* isRemote */.Vx)(context) || elsewhere.some(key => given.includes(`build.${key}`));
const elsewhere = ['bake-files', 'targets', 'set', 'vars', 'earthfile'];
function inferredOf(guesses, written, given) {
    const named = 'destinations' in written || given.includes('destinations');
    const kept = guesses.filter(({ key }) => !given.includes(key) && !(key === 'image' && named));
    const tree = [...kept.map(guess => guess.tree), written].reduce(config_tree/* merge */.h1, {});
    return { tree: (0,config_tree/* isTree */.xK)(tree) ? tree : written, notes: kept.map(({ note }) => note), faults: [] };
}
function gapsIn(written, { dockerfiles, ...facts }) {
    const named = ['file', 'context', ...elsewhere].some(key => (0,config_tree/* valueAt */.fK)(written, ['build', key]) !== undefined);
    const [only, ...others] = dockerfiles;
    const isPlain = only === undefined || others.length > 0 || only.path === 'Dockerfile';
    return [
        ...('image' in written || 'images' in written ? [] : [guessImage({ ...facts, dockerfiles })]),
        ...(named || isPlain || !(0,config_tree/* isTree */.xK)(written.build ?? {}) ? [] : guessBuild(only.path, undefined)),
    ];
}
function choose({ context, dockerfiles }) {
    const [first, ...others] = dockerfiles;
    if (first === undefined) {
        const where = context === '.' ? 'here: write one' : `in ${context}: see that this is the folder`;
        return { message: `no Dockerfile ${where}, or name the file: input file, in pce.yml build.file` };
    }
    const chosen = dockerfiles.find(({ path }) => path === external_node_path_.posix.join(context, 'Dockerfile')) ??
        (others.length === 0 ? first : undefined);
    const paths = dockerfiles.map(({ path }) => path).join(', ');
    return chosen ?? { message: `several Dockerfiles (${paths}): say in pce.yml which one ships, with build.file` };
}

// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(51455);
// EXTERNAL MODULE: ./.build/src/program/run.js + 1 modules
var run = __webpack_require__(16980);
;// CONCATENATED MODULE: ./.build/src/config/observe.js




/** Looks at a repository, for what `pce.yml` does not say. Never throws: what can't be read is not there. */
async function observeRepository({ directory, context = '.', file, target }) {
    const files = await namesIn(directory);
    const [remote, prefix, collections, dockerfiles] = await Promise.all([
        git(directory, ['config', '--get', 'remote.origin.url']),
        git(directory, ['rev-parse', '--show-prefix']),
        namesIn((0,external_node_path_.join)(directory, 'postman')),
        dockerfilesIn(directory, file === undefined ? await dockerfileNames(directory, context) : [file]),
    ]);
    return {
        directory: (0,external_node_path_.basename)((0,external_node_path_.resolve)(directory)),
        remote,
        prefix: prefix?.replace(/\/$/, ''),
        context: (0,build_config/* isRemote */.Vx)(context) ? context : external_node_path_.posix.normalize(context),
        dockerfiles,
        target,
        compose: composes.find(name => files.includes(name)),
        collections: collections.filter(name => name.endsWith('.postman_collection.json')).map(name => `postman/${name}`),
    };
}
/** In the order in which Compose looks for them. */
const composes = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml'];
const folders = ['.', 'deploy', 'docker', '.docker', 'build'];
const dockerfilesIn = (directory, paths) => Promise.all(paths.map(async (path) => ({ path, text: await observe_textOf((0,external_node_path_.join)(directory, path)) })));
/** Dockerfiles in the build context and in the folders of it that hold them by custom, relative to the repository. */
async function dockerfileNames(directory, context) {
    const listed = await Promise.all(folders.map(async (folder) => {
        const names = await namesIn((0,external_node_path_.join)(directory, context, folder));
        return names.filter(name => /^(.+\.)?Dockerfile$/.test(name)).map(name => external_node_path_.posix.join(context, folder, name));
    }));
    return listed.flat();
}
const namesIn = async (directory) => {
    const entries = await (0,promises_.readdir)(directory, { withFileTypes: true }).catch(() => []);
    return entries
        .filter(entry => !entry.isDirectory())
        .map(({ name }) => name)
        .sort();
};
const observe_textOf = (path) => (0,promises_.readFile)(path, 'utf8').catch(() => '');
/** What git says, or undefined: no git, no checkout, no such setting. */
async function git(directory, args) {
    const { PATH, HOME } = process.env;
    const argv = ['git', '-C', directory, ...args];
    const end = await (0,run/* runProgram */.mB)({ title: 'Look at the checkout', argv, env: { PATH, HOME } }).catch(() => undefined);
    return end?.exitCode === 0 && end.stdout !== '' ? end.stdout : undefined;
}

;// CONCATENATED MODULE: ./.build/src/config/read.js



const names = ['pce.yml', 'pce.yaml'];
const limit = 1_000_000;
/**
 * Reads the configuration: the file that was named, relative to the directory, or `pce.yml`, where there is one.
 * @throws UserError when it was named and is not there, or can't be what it should.
 */
async function readConfig(directory, named) {
    const files = named === undefined ? await defaultsIn(directory) : [named];
    const [file, other] = files;
    if (file === undefined)
        return undefined;
    if (other !== undefined)
        throw new errors/* UserError */.yo(`there are ${file} and ${other}; keep one of them`);
    return { file, text: await read_textOf((0,external_node_path_.resolve)(directory, file), file) };
}
async function defaultsIn(directory) {
    if (!(await (0,promises_.stat)(directory).catch(() => undefined))?.isDirectory())
        throw new errors/* UserError */.yo(`${directory} is not a directory; set working-directory to the one with the Dockerfile`);
    const found = await Promise.all(names.map(name => (0,promises_.lstat)((0,external_node_path_.resolve)(directory, name)).then(() => [name], absent)));
    return found.flat();
}
/** A file that can't be looked at is there all the same, as is a link to nothing: neither is taken for none. */
const absent = (error) => {
    if (error.code === 'ENOENT')
        return [];
    throw new errors/* UserError */.yo(`can't read the configuration: ${error.message}`, { cause: error });
};
async function read_textOf(path, file) {
    const bytes = await bytesOf(path, file).catch((error) => {
        throw error instanceof errors/* UserError */.yo ? error : new errors/* UserError */.yo(`${file}: ${reasonOf(error)}`, { cause: error });
    });
    try {
        return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    }
    catch {
        throw new errors/* UserError */.yo(`${file}: not UTF-8 text; save it as UTF-8`);
    }
}
async function bytesOf(path, file) {
    const stats = await (0,promises_.stat)(path);
    if (stats.isDirectory())
        throw new errors/* UserError */.yo(`${file}: a directory; name the file in it`);
    if (!stats.isFile())
        throw new errors/* UserError */.yo(`${file}: not a regular file`);
    if (stats.size > limit)
        throw new errors/* UserError */.yo(`${file}: ${stats.size} bytes, at most ${limit} are read; is it the right file?`);
    return (0,promises_.readFile)(path);
}
function reasonOf({ code, message }) {
    if (code === 'ENOENT' || code === 'ENOTDIR')
        return 'no such file; check its name, relative to the working directory';
    if (code === 'EACCES' || code === 'EPERM')
        return 'no permission to read it';
    return `can't be read (${message})`;
}

// EXTERNAL MODULE: ./.build/src/config/complaint.js
var complaint = __webpack_require__(24595);
// EXTERNAL MODULE: ./.build/src/tags/config.js
var tags_config = __webpack_require__(22183);
;// CONCATENATED MODULE: ./.build/src/config/destinations.js


/**
 * The configuration with the places that each image goes to: the full names that are given, or that which the image's
 * own name is, or its name in each of the registries. Pure.
 */
const withDestinations = (parsed) => ({
    ...parsed,
    images: Object.fromEntries(Object.entries(parsed.images).map(([name, image]) => {
        const { host, path } = (0,tags_name/* splitHost */.Ve)(image.image);
        return [name, { ...image, image: path, destinations: placesOf(image, { host, path }, parsed.registries) }];
    })),
});
function placesOf({ destinations }, { host, path }, registries) {
    if (destinations.length > 0)
        return unique(destinations.flatMap(tags_config/* destinationOf */.My));
    return (host === undefined ? registries : [host]).map(registry => ({ registry, repository: path }));
}
const unique = (names) => [
    ...new Map(names.map(name => [(0,tags_name/* renderName */.gU)(name), name])).values(),
];
/** A registry that nothing goes to, since every image says where it goes itself. */
function unusedRegistriesIn({ images, registries }, owner) {
    const used = new Set(Object.values(images).flatMap(({ destinations }) => destinations.map(({ registry }) => registry)));
    return registries
        .filter(host => !used.has(host))
        .map(host => ({
        ...owner(['registries']),
        message: `nothing goes to ${host}: the images name other places; leave it out, or give the image a name without a host`,
    }));
}

// EXTERNAL MODULE: ./.build/src/tags/list.js
var list = __webpack_require__(59309);
// EXTERNAL MODULE: ./.build/src/config/wording.js
var wording = __webpack_require__(12582);
;// CONCATENATED MODULE: ./.build/src/config/combinations.js

/** As many as GitHub makes of a matrix (docs.github.com, "Running variations of jobs in a workflow"). */
const combinations_limit = 256;
/** Pure: what a matrix makes: the values of its keys combined, without those excluded, with those included. */
function combinationsOf({ include = [], exclude = [], ...axes }, path) {
    const names = Object.keys(axes);
    const wrong = [
        ...misnamed(names, path),
        ...include.flatMap((one, index) => misnamed(Object.keys(one), [...path, 'include', index])),
    ];
    const count = Object.values(axes).reduce((all, values) => all * values.length, names.length === 0 ? 0 : 1);
    const size = sizeFault(count + include.length, path);
    if (wrong.length > 0 || size !== undefined)
        return { faults: [...wrong, ...(size ?? [])] };
    const crossed = names.length === 0 ? [] : cross(Object.entries(axes));
    const idle = exclude.flatMap((pattern, index) => idleFault(pattern, { crossed, names, path: [...path, 'exclude', index] }));
    if (idle.length > 0)
        return { faults: idle };
    const kept = crossed.filter(one => !exclude.some(pattern => matches(one, pattern)));
    const combinations = [...kept, ...include.map(one => inOrder(one, names))];
    const none = { path: [...path, 'exclude'], message: 'leaves no combination; keep one, or take the matrix away' };
    return combinations.length === 0 ? { faults: [none] } : { combinations };
}
function sizeFault(count, path) {
    if (count === 0)
        return [{ path, message: 'found no values, expected some for at least one key: os: [debian, alpine]' }];
    return count > combinations_limit ? [{ path, message: `makes ${count} combinations, expected at most ${combinations_limit}` }] : undefined;
}
const misnamed = (names, path) => names
    .filter(name => !/^[A-Za-z_][\w-]*$/.test(name))
    .map(name => ({
    path: [...path, name],
    message: `found the name ${(0,wording/* show */.WU)(name)}, expected a name of letters, digits, dashes and underscores`,
}));
const cross = (axes) => axes.reduce((all, [name, values]) => all.flatMap(one => values.map(value => ({ ...one, [name]: value }))), [{}]);
const matches = (one, pattern) => Object.entries(pattern).every(([name, value]) => Object.hasOwn(one, name) && one[name] === value);
/** An exclude that matches nothing is a slip: what it was to keep out would be built. */
function idleFault(pattern, { crossed, names, path }) {
    const unknown = names.length === 0 ? [] : Object.keys(pattern).filter(name => !names.includes(name));
    if (unknown.length > 0)
        return unknown.map(name => ({ path: [...path, name], message: `the matrix has no ${known(name, names)}` }));
    return crossed.some(one => matches(one, pattern)) ? [] : [{ path, message: 'matches no combination of the matrix' }];
}
/** Pure: a key that there is not, and what it was meant to be, or which ones there are. */
function known(name, names) {
    const near = (0,wording/* nearest */.pA)(name, names);
    return `${name}; ${near === undefined ? `it has ${names.join(', ')}` : `did you mean ${(0,wording/* show */.WU)(near)}?`}`;
}
const inOrder = (one, names) => {
    const own = Object.keys(one).filter(name => !names.includes(name));
    const all = [...names.filter(name => Object.hasOwn(one, name)), ...own];
    return Object.fromEntries(all.map(name => [name, one[name] ?? '']));
};

// EXTERNAL MODULE: ./.build/src/config/matrix-schema.js
var matrix_schema = __webpack_require__(92473);
// EXTERNAL MODULE: ./.build/src/config/mention.js
var mention = __webpack_require__(52268);
// EXTERNAL MODULE: ./.build/src/config/alternatives.js
var alternatives = __webpack_require__(60520);
// EXTERNAL MODULE: ./.build/src/config/shape.js
var config_shape = __webpack_require__(88583);
;// CONCATENATED MODULE: ./.build/src/config/reference.js




/** Pure: all mentions of a matrix in a tree. `path`: where the tree is. */
function referencesIn(value, path) {
    if (typeof value === 'string')
        return keysIn(value).map(key => ({ path, key, inName: false }));
    if (Array.isArray(value))
        return value.flatMap((item, index) => referencesIn(item, [...path, index]));
    if (!(0,config_tree/* isTree */.xK)(value))
        return [];
    return Object.entries(value).flatMap(([name, inner]) => [
        ...keysIn(name).map(key => ({ path: [...path, name], key, inName: true })),
        ...referencesIn(inner, [...path, name]),
    ]);
}
const keysIn = (text) => [...text.matchAll(mention/* notation */.Lc)].map(([, inner = '']) => keyOf(inner));
const keyOf = (inner) => /^\.([A-Za-z_][\w-]*)\s*$/.exec(inner)?.[1];
/** True for text that mentions a matrix still. */
const isUnfilled = (value) => typeof value === 'string' && keysIn(value).length > 0;
/** Pure: a text without its mentions of a matrix, and what joined them to it: `acme/web-${{ matrix.os }}` is `acme/web`. */
const withoutReferences = (text) => text.replaceAll(new RegExp(`[-._]*${mention/* notation */.Lc.source}`, mention/* notation */.Lc.flags), '');
/** Pure: a tree with the values of one combination in it. `path`: where the tree is. */
function fill(value, values, path) {
    if (typeof value === 'string')
        return fillText(value, values, path);
    if (Array.isArray(value))
        return value.map((item, index) => fill(item, values, [...path, index]));
    if (!(0,config_tree/* isTree */.xK)(value))
        return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fill(inner, values, [...path, key])]));
}
function fillText(text, values, path) {
    const filled = text.replaceAll(mention/* notation */.Lc, (_, inner) => values[keyOf(inner) ?? ''] ?? '');
    return filled !== text && withoutReferences(text) === '' ? typed(filled, path) : filled;
}
/** A value that stands alone is what its place wants: `app: { port: ${{ matrix.port }} }` is a number. */
function typed(text, path) {
    const types = (0,alternatives/* typesOf */.pl)((0,config_shape/* shapeAt */.ln)(path) ?? {});
    if (types.has('boolean') && (text === 'true' || text === 'false'))
        return text === 'true';
    const isNumber = !types.has('string') && (types.has('integer') || types.has('number'));
    return isNumber && /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

;// CONCATENATED MODULE: ./.build/src/config/matrix.js







/**
 * Puts its combinations in the place of each image with a matrix, their values in the place of `${{ matrix.os }}`. Pure.
 * What is no matrix stays, for the schema to say what it is.
 */
function combine(images) {
    if (!(0,config_tree/* isTree */.xK)(images))
        return { images, origins: new Map(), faults: [] };
    const all = Object.entries(images).map(([name, image]) => ({ name, ...combineOne(name, image) }));
    const named = all.flatMap(({ name, entries }) => entries.map(([combination]) => [combination, name]));
    return {
        images: Object.fromEntries(all.flatMap(({ entries }) => entries)),
        origins: new Map(named),
        faults: [...all.flatMap(({ faults }) => faults), ...namesakesIn(named)],
    };
}
function combineOne(name, image) {
    const path = ['images', name];
    const alone = [[name, image]];
    if (!(0,config_tree/* isTree */.xK)(image))
        return { entries: alone, faults: [] };
    const { matrix, ...own } = image;
    const references = referencesIn(own, path);
    if (matrix === undefined)
        return { entries: alone, faults: references.map(unmatched) };
    const parsed = matrix_schema/* matrixSchema */.D.safeParse(matrix);
    if (!parsed.success)
        return { entries: alone, faults: [] };
    const inner = [...path, 'matrix'];
    const made = combinationsOf(parsed.data, inner);
    const faults = [
        ...('faults' in made ? made.faults : misreferenced(references, made.combinations)),
        ...referencesIn(matrix, inner).map(refused('a matrix is not made of its own values')),
    ];
    if (faults.length > 0 || 'faults' in made)
        return { entries: [[name, own]], faults };
    const suffix = suffixFor(own, made.combinations);
    return {
        entries: made.combinations.map(one => [matrix_nameOf(name, one), withSuffix(fill(own, one, path), suffix(one))]),
        faults,
    };
}
const unmatched = refused('there is no matrix here; give the image one: matrix: { os: [debian, alpine] }');
/** What is wrong with mentions of a matrix where none can be. */
function refused(reason) {
    return ({ path, key }) => ({ path, message: `found ${(0,mention/* mention */.lE)(key ?? '…')}, but ${reason}` });
}
function misreferenced(references, combinations) {
    const names = [...new Set(combinations.flatMap(Object.keys))];
    return references.flatMap(reference => {
        const { path, key, inName } = reference;
        if (key === undefined)
            return [{ path, message: `expected ${(0,mention/* mention */.lE)('NAME')} and nothing else in the braces` }];
        if (inName)
            return [refused('names of keys are the same for all combinations')(reference)];
        if (!names.includes(key))
            return [refused(`the matrix has no ${known(key, names)}`)(reference)];
        const without = combinations.find(one => !Object.hasOwn(one, key));
        return without === undefined ? [] : [refused(`${listed(without)} has no ${key}; give it one`)(reference)];
    });
}
const listed = (one) => `{ ${Object.entries(one)
    .map(([name, value]) => `${name}: ${(0,wording/* show */.WU)(value)}`)
    .join(', ')} }`;
const matrix_nameOf = (image, one) => [image, ...Object.values(one).map(slug)].filter(part => part !== '').join('-');
const slug = (value) => value
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
/** Two images of one name would be one; of those, one that was not written so is told. */
function namesakesIn(named) {
    return [...Map.groupBy(named, ([name]) => name)].flatMap(([name, all]) => {
        if (all.length === 1)
            return [];
        const [, image] = all.find(([, origin]) => origin !== name) ?? [name, name];
        const message = `two images would be called ${name}; tell them apart by their letters and digits`;
        return [{ path: ['images', image, 'matrix'], message }];
    });
}
/** The keys that say what an image is called. */
const naming = ['image', 'destinations', 'tags', 'flavor'];
/**
 * What ends the tags of a combination: the values that what it is called does not mention. None where that tells all
 * combinations apart, or where there is a suffix already.
 */
function suffixFor(image, combinations) {
    const called = referencesIn(naming.map(key => image[key]), []).map(({ key }) => key);
    const told = new Set(combinations.map(one => JSON.stringify(called.map(key => one[key ?? '']))));
    if (hasSuffix(image.flavor) || (called.length > 0 && told.size === combinations.length))
        return () => '';
    return one => Object.entries(one)
        .filter(([key, value]) => value !== '' && !called.includes(key))
        .map(([, value]) => `-${value.replaceAll(/[^A-Za-z0-9._-]+/g, '-')}`)
        .join('');
}
const hasSuffix = (flavor) => [flavor].flat().some(item => typeof item === 'string' && (0,list/* attributesOf */.Td)(item, '').some(([key]) => key === 'suffix'));
function withSuffix(image, suffix) {
    if (!(0,config_tree/* isTree */.xK)(image) || suffix === '')
        return image;
    return { ...image, flavor: [...[image.flavor ?? []].flat(), `suffix=${suffix},onlatest=true`] };
}

// EXTERNAL MODULE: ./.build/src/config/schema.js + 5 modules
var schema = __webpack_require__(61443);
;// CONCATENATED MODULE: ./.build/src/config/expand.js





/**
 * Writes out all images: the root's defaults, each image's own keys over them, and `over` over all; the keys that
 * images share stay beside them. Works on values as they were written, before any default of the schema.
 */
function expand(tree, over) {
    const { images, image, ...root } = tree;
    const { image: name = image, ...rest } = over;
    const defaults = { base: imagePart(root), over: imagePart(rest) };
    const merged = (0,config_tree/* merge */.h1)(sharedPart(root), sharedPart(rest));
    const shared = (0,config_tree/* isTree */.xK)(merged) ? merged : {};
    const written = name ?? firstPlace((0,config_tree/* merge */.h1)(root.destinations, rest.destinations));
    const one = name === undefined ? {} : { image: name };
    const all = images === undefined ? { [expand_nameOf(written)]: imageOf(one, defaults) } : eachOf(images, defaults);
    const combined = combine(all);
    return {
        tree: { ...shared, images: images === undefined ? expand_named(combined.images) : combined.images },
        origins: combined.origins,
        faults: [...combined.faults, ...referencesIn(shared, []).map(refused('this holds for all images'))],
    };
}
/** The one image of a configuration may be named by its full names alone, each combination by its own. */
const expand_named = (images) => (0,config_tree/* isTree */.xK)(images) ? Object.fromEntries(Object.entries(images).map(([name, image]) => [name, withName(image)])) : images;
function withName(image) {
    if (!(0,config_tree/* isTree */.xK)(image) || image.image !== undefined)
        return image;
    const written = firstPlace(image.destinations);
    return written === undefined ? image : { image: written, ...image };
}
/** Where the image has full names only, the first of them is its name. */
function firstPlace(destinations) {
    const [first] = [destinations]
        .flat()
        .flatMap(text => (typeof text === 'string' ? (0,tags_config/* destinationOf */.My)(withoutReferences(text)) : []));
    return first?.repository;
}
const imagePart = (tree) => longhand(keysOf(tree, schema/* isImageKey */.lu));
const sharedPart = (tree) => keysOf(tree, key => !(0,schema/* isImageKey */.lu)(key));
const keysOf = (tree, kept) => Object.fromEntries(Object.entries(tree).filter(([key]) => kept(key)));
const eachOf = (images, defaults) => (0,config_tree/* isTree */.xK)(images)
    ? Object.fromEntries(Object.entries(images).map(([name, own]) => [name, imageOf(own, defaults)]))
    : images;
/** An image without keys of its own (`web:` in YAML) has the root's. */
function imageOf(own, { base, over }) {
    const written = own ?? {};
    if (!(0,config_tree/* isTree */.xK)(written))
        return written;
    const inherited = keysOf(base, key => !isDropped(written, key));
    const kept = keysOf(longhand(written), key => !isDropped(written, key));
    return (0,config_tree/* merge */.h1)((0,config_tree/* merge */.h1)(inherited, kept), over);
}
const droppable = ['unit', 'app', 'newman', 'matrix'];
/** True for a section that an image takes away with `false`. */
const isDropped = (own, key) => droppable.includes(key) && own[key] === false;
/** The short form of `newman` written out, so that it can be merged with the long one. */
function longhand(tree) {
    const { newman } = tree;
    return typeof newman === 'string' || Array.isArray(newman) ? { ...tree, newman: { collections: newman } } : tree;
}
/** The last part of a repository's name as the name of an image: `acme/my_web` is `my-web`. */
function expand_nameOf(repository) {
    const last = typeof repository === 'string' ? (withoutReferences(repository).split('/').at(-1) ?? '') : '';
    const name = last
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, '-')
        .replace(/^-|-$/g, '');
    return name === '' ? 'image' : name;
}

// EXTERNAL MODULE: ./.build/src/config/parse-text.js
var parse_text = __webpack_require__(60649);
;// CONCATENATED MODULE: ./.build/src/config/override.js




/** What an override says, as the file would: a tree with that one value, or what is wrong with the text. */
function treeOf({ path, text, from }) {
    const shape = (0,config_shape/* shapeAt */.ln)(path);
    if (shape === undefined)
        return { fault: { path, from, message: 'unknown key' } };
    const parsed = (0,parse_text/* parseText */.r)(text, shape, parseYaml);
    return 'message' in parsed ? { fault: { path, from, message: parsed.message } } : { tree: (0,config_tree/* nest */.$I)(path, parsed.value) };
}
function parseYaml(text) {
    const { tree, faults } = parseDocument(text);
    const [fault] = faults;
    return fault === undefined ? { value: tree } : { message: `line ${fault.at?.line ?? 1}: ${fault.message}` };
}

;// CONCATENATED MODULE: ./.build/src/config/owner.js

/** `origins`: the image that each combination of a matrix was written as. */
const ownerIn = ({ tree, overrides }, origins) => expanded => {
    const path = beforeMatrix(expanded, origins);
    const inner = withinImage(path);
    const override = overrides.findLast(one => one.path.every((key, index) => inner[index] === key));
    if (override !== undefined)
        return { path: inner, from: override.from };
    const written = asWritten(path, inner, tree);
    return (0,config_tree/* depthOf */.d1)(tree, written) > 0 ? { path: written } : { path: written, from: neighbour(inner, overrides) };
};
/** `images.web-debian.build.file` is `images.web.build.file` where `web` has a matrix. */
function beforeMatrix(path, origins) {
    const [images, name, ...rest] = path;
    const origin = images === 'images' && name !== undefined ? origins.get(String(name)) : undefined;
    return origin === undefined ? path : ['images', origin, ...rest];
}
/** `images.web.build.file` is `build.file` at the root. */
const withinImage = (path) => (path[0] === 'images' && path.length > 1 ? path.slice(2) : path);
/** The image's own key where it comes as near as the root's. */
function asWritten(path, inner, tree) {
    const own = inner === path || (Object.hasOwn(tree, 'images') && (0,config_tree/* depthOf */.d1)(tree, path) - 2 >= (0,config_tree/* depthOf */.d1)(tree, inner));
    return asShort(own ? path : inner, tree);
}
/** `newman.collections` is `newman` where the short form was written. */
function asShort(path, tree) {
    const newman = path.indexOf('newman');
    if (newman < 0 || path[newman + 1] !== 'collections')
        return path;
    const written = (0,config_tree/* valueAt */.fK)(tree, path.slice(0, newman + 1));
    return written === undefined || (0,config_tree/* isTree */.xK)(written) ? path : path.toSpliced(newman + 1, 1);
}
/** The override that made the section in which something is missing. */
const neighbour = ([section, key], overrides) => key === undefined ? undefined : overrides.find(({ path }) => path[0] === section)?.from;

;// CONCATENATED MODULE: ./.build/src/config/rules.js



/** Keys that exclude each other, and keys that need another. `whole` is the expanded configuration. */
const contradictionsIn = (written, whole, owner) => [
    ...exclusive(written, owner, ['image', 'images']),
    ...exclusive(written, owner, ['compose', 'services']),
    ...entriesOf(whole.images).flatMap(([name, image]) => [
        ...untested(name, image, owner),
        ...((0,config_tree/* isTree */.xK)(image) ? misplaced(name, image.build, owner) : []),
    ]),
];
const entriesOf = (value) => ((0,config_tree/* isTree */.xK)(value) ? Object.entries(value) : []);
function exclusive({ tree, overrides }, owner, [key, other]) {
    const isGiven = (name) => Object.hasOwn(tree, name) || overrides.some(({ path }) => path[0] === name);
    return isGiven(key) && isGiven(other)
        ? [{ ...owner([key]), message: `given together with ${other}; keep one of them` }]
        : [];
}
function untested(name, image, owner) {
    if (!(0,config_tree/* isTree */.xK)(image) || image.newman === undefined || image.app !== undefined)
        return [];
    const message = 'needs an app to talk to; set app.port, the port on which the image listens';
    return [{ ...owner(['images', name, 'newman']), message }];
}
/** Keys of a Dockerfile's build, which a bake file says for each of its targets. */
const ofTargets = [
    'file',
    'context',
    'build-args',
    'build-contexts',
    'ssh',
    'add-hosts',
    'cgroup-parent',
    'network',
    'no-cache-filters',
    'shm-size',
    'ulimit',
];
/** Keys that earthly has no word for. */
const notOfEarthly = [
    'attests',
    'provenance',
    'sbom',
    'file',
    'target',
    'build-contexts',
    'ssh',
    'add-hosts',
    'allow',
    'cgroup-parent',
    'network',
    'no-cache-filters',
    'outputs',
    'call',
    'pull',
    'reproducible',
    'shm-size',
    'ulimit',
];
/** Keys that say nothing where a bake file or an Earthfile says what is built. */
function misplaced(name, build, owner) {
    if (!(0,config_tree/* isTree */.xK)(build))
        return [];
    const given = (keys) => keys.filter(key => build[key] !== undefined);
    const told = (keys, message) => keys.map(key => ({ ...owner(['images', name, 'build', key]), message }));
    const earthfile = build.earthfile !== undefined;
    if (given(bakeKeys).length > 0)
        return [
            ...told(given(ofTargets), 'given together with bake files: say it there, or with set: *.args.NAME=value'),
            ...told(given(['call', 'outputs', 'earthfile', 'reproducible']), 'given together with bake files; keep one of them'),
        ];
    return earthfile ? told(given(notOfEarthly), 'given together with earthfile, and earthly does not take it') : [];
}
/** Images that would write the same tag in the same repository: the last one pushed would win. */
function collisionsIn({ images }, owner) {
    const all = Object.entries(images);
    return all.flatMap(([name, { image, tags, flavor }], index) => all.slice(0, index).flatMap(([earlier, other]) => {
        const alike = other.image === image && String(other.flavor) === String(flavor);
        const shared = alike ? tags.filter(tag => other.tags.includes(tag)) : [];
        if (shared.length === 0)
            return [];
        const place = owner(['images', name, 'image']);
        // The images of one matrix are written once: then it is told once.
        if ((0,config_tree/* showPath */.P8)(place.path) === (0,config_tree/* showPath */.P8)(owner(['images', earlier, 'image']).path))
            return [{ ...place, message: siblings(image, shared) }];
        const message = `${image} gets ${shared.join(', ')} from ${earlier} too; give each its own image or its own tags`;
        return [{ ...place, message }];
    }));
}
const siblings = (image, shared) => `combinations of the matrix share ${shared.join(', ')} in ${image}; mention what tells them apart in image, tags or flavor, such as suffix=-${(0,mention/* mention */.lE)('os')}`;

;// CONCATENATED MODULE: ./.build/src/config/resolve.js











/** Puts the root's defaults and the overrides into each image, and judges the whole at once. Pure; never throws. */
function resolveConfig(written) {
    const read = written.overrides.map(treeOf);
    const over = read.reduce((all, one) => ('tree' in one ? (0,config_tree/* merge */.h1)(all, one.tree) : all), {});
    const { tree: whole, origins, faults: mismatched } = expand(written.tree, (0,config_tree/* isTree */.xK)(over) ? over : {});
    const owner = ownerIn(written, origins);
    const judged = judge(whole, owner);
    const faults = [
        ...read.flatMap(one => ('fault' in one ? [one.fault] : [])),
        ...contradictionsIn(written, whole, owner),
        ...mismatched.map(fault => ({ ...fault, ...owner(fault.path) })),
        ...('faults' in judged ? judged.faults : []),
    ];
    return 'faults' in judged || faults.length > 0 ? { faults } : judged;
}
function judge(whole, owner) {
    const parsed = schema/* resolvedSchema */.Wd.safeParse(whole, { error: wording/* expectation */.pG });
    if (!parsed.success) {
        const complaints = parsed.error.issues.flatMap(complaint/* complaintsOf */.C);
        // Text with the name of a value in it that there is not: that is told already.
        return { faults: complaints.filter(({ path }) => !isUnfilled((0,config_tree/* valueAt */.fK)(whole, path))).map(told(whole, owner)) };
    }
    const config = withDestinations(parsed.data);
    const faults = [...collisionsIn(config, owner), ...unusedRegistriesIn(config, owner)];
    return faults.length > 0 ? { faults } : { config };
}
const told = (whole, owner) => (complaint) => {
    const owned = owner(complaint.path);
    return { ...owned, message: (0,config_fault/* messageOf */.b)(complaint, whole, owned.path) };
};

;// CONCATENATED MODULE: ./.build/src/config/load.js










/**
 * Loads the configuration of a repository: the file, what is guessed where it is silent, inputs and flags over both.
 * @throws UserError with everything that is wrong, one fault a line: `pce.yml:12:3  scan.block: found "hgih", …`.
 */
async function loadConfig({ directory, file, overrides = [] }) {
    const source = await readConfig(directory, file);
    const textOf = (...path) => overrides.findLast(one => one.path.join('.') === path.join('.'))?.text;
    const facts = await observeRepository({
        directory: (0,external_node_path_.resolve)(directory),
        context: textOf('build', 'context'),
        file: textOf('build', 'file'),
        target: textOf('build', 'target'),
    });
    return parseConfig({ source, facts, overrides });
}
/** `loadConfig` without the world: pure. @throws UserError as `loadConfig` does. */
function parseConfig({ source, facts, overrides }) {
    const document = parseDocument(source?.text ?? '');
    const place = { file: source?.file, locate: document.locate };
    const written = writtenIn(document, place);
    const { tree, notes, faults } = infer({ written, facts, given: overrides.map(({ path }) => path.join('.')) });
    const resolved = resolveConfig({ tree, overrides });
    if (faults.length > 0)
        throw refusal(faults, place);
    if ('faults' in resolved)
        throw refusal(resolved.faults, place);
    return { config: resolved.config, file: source?.file, notes: silent(written, source, notes) };
}
function writtenIn({ tree = {}, faults }, place) {
    if (faults.length > 0)
        throw refusal(faults, place);
    if ((0,config_tree/* isTree */.xK)(tree))
        return tree;
    const message = `found ${(0,wording/* show */.WU)(tree)}, expected a mapping, such as image: acme/web`;
    throw refusal([{ path: [], message, at: { line: 1, column: 1 } }], place);
}
function silent(written, source, notes) {
    if (Object.keys(written).length > 0)
        return notes;
    return [
        source === undefined
            ? 'No pce.yml: the repository says what to do'
            : `${source.file} is empty: the repository says what to do`,
        ...notes,
    ];
}
const refusal = (faults, place) => new errors/* UserError */.yo((0,config_fault/* renderFaults */.M)(faults, place));

// EXTERNAL MODULE: external "node:util"
var external_node_util_ = __webpack_require__(57975);
;// CONCATENATED MODULE: ./.build/src/build/reproducible.js
/**
 * 1980-01-01T00:00:00Z, in seconds: the same for every commit, since it is part of BuildKit's cache keys, and the first
 * time that a ZIP archive can hold.
 */
const epoch = 315_532_800;
/** Pure: the build arguments, with the time of everything that is made (reproducible-builds.org, SOURCE_DATE_EPOCH). */
const argsOf = ({ 'build-args': args, reproducible }) => reproducible === undefined ? args : { SOURCE_DATE_EPOCH: String(epoch), ...args };
/**
 * Pure: attributes of an `--output` that leave nothing of an image to the machine: times in layers are cut to the epoch,
 * and every layer is compressed in one way (moby/buildkit, docs/build-repro.md and README, "Output").
 */
const outputAttributes = ({ reproducible }) => reproducible === undefined ? '' : ',rewrite-timestamp=true,compression=gzip,force-compression=true';
/** Pure: a build that takes nothing from a cache, so that it shows what its steps do. */
const withoutCache = (config) => ({ ...config, 'no-cache': true });

;// CONCATENATED MODULE: ./.build/src/build/options.js




/**
 * Pure: flags of `docker buildx build` for what the `build` section says about how the Dockerfile is solved. What comes
 * of the solve (`outputs`, `load`, attestations) is no part of it, and neither is the stage.
 */
const optionsOf = (config) => [
    '--file',
    dockerfileOf(config),
    ...pairs('--build-arg', argsOf(config)),
    ...pairs('--build-context', config['build-contexts'] ?? {}),
    ...(0,build_secrets/* secretFlags */.K2)(config),
    ...each('--ssh', config.ssh),
    ...each('--add-host', config['add-hosts']),
    ...each('--allow', config.allow),
    ...each('--cgroup-parent', config['cgroup-parent']),
    ...each('--network', config.network),
    ...(config['no-cache'] === true ? ['--no-cache'] : []),
    ...each('--no-cache-filter', config['no-cache-filters']),
    ...(config.pull === true ? ['--pull'] : []),
    ...each('--shm-size', config['shm-size']),
    ...each('--ulimit', config.ulimit),
];
const each = (name, values = []) => [values].flat().flatMap(value => [name, value]);
const pairs = (flag, values) => Object.entries(values).flatMap(([name, value]) => [flag, `${name}=${value}`]);
/** Relative to the repository; of a context that BuildKit fetches, to that. */
const dockerfileOf = ({ file, context }) => file ?? ((0,build_config/* isRemote */.Vx)(context) ? 'Dockerfile' : (0,external_node_path_.join)(context, 'Dockerfile'));
/** The context as the one argument that has no flag: a folder `-x` would be taken for flags. */
const contextOf = ({ context }) => context.startsWith('-') ? `./${context}` : context;
/** True where the build reads a Dockerfile of the repository: not one of elsewhere, of a bake file, of an Earthfile. */
const hasDockerfile = ({ build, baked }) => !(0,build_config/* isRemote */.Vx)(build.context) &&
    build.earthfile === undefined &&
    baked?.targets[build.target ?? '']?.['dockerfile-inline'] === undefined;

// EXTERNAL MODULE: ./.build/src/schema/csv.js
var schema_csv = __webpack_require__(24911);
;// CONCATENATED MODULE: ./.build/src/config/dockerfile-images.js

const pulling = /^\s*(FROM|COPY|RUN|ARG)\s+(.*)$/i;
/**
 * The images that a Dockerfile pulls: its frontend, what stages are FROM, what is copied or mounted from an image. `args`
 * are the build arguments; `contexts` the names that `--build-context` gives another meaning. A look at its lines, no
 * parser: a name that holds an unknown variable is left out.
 */
function findImages(text, { args, contexts = [] }) {
    const variables = new Map();
    const named = new Set(['scratch', ...contexts.map(name => name.toLowerCase())]);
    const found = [];
    let stages = 0;
    for (const [, name = '', rest = ''] of linesOf(text, pulling)) {
        if (/^arg$/i.test(name))
            rememberArgument(rest, { args, variables, global: stages === 0 });
        const isFrom = /^from$/i.test(name);
        const wanted = isFrom ? [stageOf(expandIn(rest, variables).split(/\s+/), stages).base] : sourcesIn(rest);
        found.push(...wanted.filter(image => !named.has(image.toLowerCase())));
        if (!isFrom)
            continue;
        named.add(stageOf(rest.split(/\s+/), stages).name).add(String(stages));
        stages += 1;
    }
    return [...new Set([...frontendOf(text), ...found])].filter(image => !image.includes('$'));
}
/** `# syntax=docker/dockerfile:1`, which counts only before anything else (docs.docker.com, "Parser directives"). */
function frontendOf(text) {
    const [, image] = /^(?:#[ \t]*(?!syntax)\w+[ \t]*=.*\r?\n)*#[ \t]*syntax[ \t]*=[ \t]*(\S+)/i.exec(text) ?? [];
    return image === undefined ? [] : [image];
}
/** What `COPY --from=` and `RUN --mount=…,from=` name. */
const sourcesIn = (rest) => [...rest.matchAll(/(?:^|\s)--(?:from=|mount=(?:[^\s,]+,)*from=)"?([^\s,"]+)/g)].flatMap(([, image]) => image ?? []);
function rememberArgument(rest, { args, variables, global }) {
    if (!global)
        return;
    remember(rest, variables);
    for (const [, name = ''] of rest.matchAll(/(?:^|\s)([A-Za-z_]\w*)/g)) {
        const given = args[name];
        if (given !== undefined)
            variables.set(name, given);
    }
}

;// CONCATENATED MODULE: ./.build/src/config/pulls.js










/** The hosts that a pipeline pulls from, for the planner. Never throws: what can't be read tells of no host. */
async function observePulls(config, directory) {
    const textOf = (path) => (0,promises_.readFile)((0,external_node_path_.join)(directory, path), 'utf8').catch(() => '');
    const paths = new Set(Object.values(config.images)
        .flatMap(recipesOf)
        .map(({ path }) => path));
    const files = [...paths].map(async (path) => [path, await textOf(path)]);
    const { compose } = config;
    return pulledHosts(config, {
        files: Object.fromEntries(await Promise.all(files)),
        compose: compose === undefined ? '' : await textOf(compose),
        variables: compose === undefined ? {} : (0,external_node_util_.parseEnv)(await textOf((0,external_node_path_.join)((0,external_node_path_.dirname)(compose), '.env'))),
    });
}
/** Pure: the hosts of all that builds and services pull, caches too, sorted; `docker.io` where a name has none. */
function pulledHosts(config, { files, compose, variables }) {
    const { images, services = {} } = config;
    const recipes = Object.values(images).flatMap(recipesOf);
    const bases = recipes.flatMap(recipe => imagesOf(recipe, recipe.text ?? files[recipe.path] ?? ''));
    const beside = [...Object.values(services).map(({ image }) => image), ...composeImages(compose, variables)];
    return [...new Set([...bases, ...beside, ...cacheImages(config)].map(hostOfImage))].sort();
}
/** Caches in registries, so far as they are named or asked for: what `auto` takes is known by the machine alone. */
function cacheImages({ cache, images }) {
    const { type, ref, 'cache-from': from, 'cache-to': to } = cache;
    if (from !== undefined || to !== undefined)
        return (from ?? []).flatMap(registryIn);
    if (type !== 'registry' && type !== 'inline')
        return [];
    return ref === undefined ? Object.values(images).flatMap(one => one.destinations.map(tags_name/* renderName */.gU)) : [ref];
}
/** `type=registry,ref=…`, or a reference alone (docs.docker.com, "buildx build --cache-from"). */
function registryIn(item) {
    const attributes = (0,schema_csv/* attributesOf */.Td)(item);
    if (attributes === undefined)
        return [item];
    return attributes.type === 'registry' && attributes.ref !== undefined ? [attributes.ref] : [];
}
function recipesOf({ build, baked }) {
    if (baked !== undefined)
        return Object.values(baked.targets).flatMap(recipeOfTarget);
    const given = { args: build['build-args'], contexts: build['build-contexts'] ?? {} };
    if (build.earthfile !== undefined)
        return [{ path: (0,external_node_path_.join)(build.context, 'Earthfile'), ...given }];
    // What is fetched from elsewhere is not known before the build.
    return (0,build_config/* isRemote */.Vx)(build.context) ? [] : [{ path: dockerfileOf(build), ...given }];
}
/** A target's Dockerfile is found from its context (docs.docker.com, "Bake file reference", target.dockerfile). */
function recipeOfTarget(target) {
    const { context, dockerfile, 'dockerfile-inline': text, args = {}, contexts = {} } = target;
    if ((0,build_config/* isRemote */.Vx)(context) && text === undefined)
        return [];
    const given = Object.entries(args).filter((entry) => entry[1] !== null);
    return [{ path: (0,external_node_path_.join)(context, dockerfile), text, args: Object.fromEntries(given), contexts }];
}
function imagesOf({ args, contexts }, text) {
    const named = Object.values(contexts).flatMap(context => /^docker-image:\/\/(.+)$/.exec(context)?.[1] ?? []);
    return [...named, ...findImages(text, { args, contexts: Object.keys(contexts) })];
}
/** Services that are built are the run's own images. */
function composeImages(text, variables) {
    const services = servicesIn(text);
    return Object.values(services).flatMap(service => (0,config_tree/* isTree */.xK)(service) && service.build === undefined && typeof service.image === 'string'
        ? [fillIn(service.image, variables)]
        : []);
}
// Whoever reads the Compose file for what it does will tell what is wrong in it.
function servicesIn(text) {
    try {
        const document = (0,dist/* parse */.qg)(text);
        return (0,config_tree/* isTree */.xK)(document) && (0,config_tree/* isTree */.xK)(document.services) ? document.services : {};
    }
    catch {
        return {};
    }
}
/** `${NAME}`, `${NAME:-usual}`, `$NAME` (docs.docker.com, "Interpolation"). */
const fillIn = (text, variables) => text.replace(/\$(?:\{(\w+)(?::?-([^}]*))?\}|(\w+))/g, (_, braced, usual, bare) => variables[braced ?? bare] ?? usual ?? '');
/** The host of an image's name: its first part is one when it looks like one (distribution/reference, splitDockerDomain). */
function hostOfImage(image) {
    const [first = '', ...rest] = image.split('/');
    return rest.length > 0 && (/[.:]/.test(first) || first === 'localhost') ? first : 'docker.io';
}

// EXTERNAL MODULE: ./.build/src/tags/metadata.js + 5 modules
var tags_metadata = __webpack_require__(10879);
;// CONCATENATED MODULE: ./.build/src/pipeline/check-tags.js


/**
 * Pure: what the rules give at this commit, before anything is built. Targets of bake files, which have the tags of one
 * image between them, are looked at when they are to be pushed.
 * @throws UserError for a name that two images would have
 */
function checkPlanned({ images }, { metadata }) {
    const called = Object.entries(metadata).map(([name, one]) => {
        const image = images[name];
        return [name, image === undefined || image.baked !== undefined ? [] : namesOf(image.image, one)];
    });
    checkShared(called);
}
/** Full references, or the names that an image has in the engine where it goes nowhere. */
const namesOf = (image, { places, tags }) => places.length > 0 ? tags : tags.map(tag => `${image}:${tag}`);
/** Pure: what a push needs. @throws UserError for rules that give no tag, and for a tag that two images would have */
function checkPushed({ metadata }, { revision, sha }) {
    const all = Object.entries(metadata);
    const untagged = all.find(([, { references }]) => references.length === 0);
    if (untagged !== undefined) {
        const [name, { notes }] = untagged;
        const where = sha === '' ? 'what is no Git checkout' : revision.ref || 'a detached checkout';
        throw new errors/* UserError */.yo([
            `tags: they give ${name} no tag for ${where}`,
            ...notes,
            sha === '' ? 'Name a tag: tags: [type=raw,value=…]' : 'Add type=sha, or type=raw,value=…',
        ].join('\n'));
    }
    checkShared(all.map(([name, { references }]) => [name, references.map(tags_metadata/* renderReference */.Wj)]));
}
function checkShared(called) {
    const owners = new Map();
    for (const [name, references] of called)
        for (const reference of references) {
            const other = owners.get(reference);
            if (other !== undefined && other !== name)
                throw new errors/* UserError */.yo(`tags: ${other} and ${name} would both be ${reference}\nGive each a repository or tags of its own.`);
            owners.set(reference, name);
        }
}

;// CONCATENATED MODULE: ./.build/src/pipeline/exit-code.js
/** Pure: the exit code of what was done in one call. `cancelled`: somebody stopped it. */
function exitCodeOf(parts, cancelled) {
    const counted = parts.filter(({ kind }) => kind !== 'advisory');
    const kinds = new Set(counted.map(({ fault }) => fault?.kind));
    if (kinds.has('bug'))
        return 70;
    if (kinds.has('user'))
        return 2;
    if (counted.some(({ status }) => status === 'failed'))
        return gateAlone(counted) ?? 1;
    if (kinds.has('outside'))
        return 3;
    if (counted.every(({ status }) => status !== 'cancelled'))
        return 0;
    return cancelled ? 130 : 1;
}
// A gate that is red only since a scanner broke or a run was cancelled does not say that the image is bad.
function gateAlone(parts) {
    const failed = parts.filter(({ status }) => status === 'failed');
    if (failed.some(({ task }) => task !== 'gate'))
        return undefined;
    return parts.some(({ fault }) => fault?.kind === 'outside') ? 3 : undefined;
}

// EXTERNAL MODULE: ./.build/src/record/record.js
var record = __webpack_require__(32692);
// EXTERNAL MODULE: ./.build/src/task/task.js
var task_task = __webpack_require__(79324);
// EXTERNAL MODULE: ./.build/src/pipeline/order.js
var order = __webpack_require__(29210);
// EXTERNAL MODULE: ./.build/src/pipeline/perform.js
var perform = __webpack_require__(79583);
;// CONCATENATED MODULE: ./.build/src/pipeline/given.js





const noVerdict = 'no verdict in this run: do that stage before the push, or turn it off in pce.yml';
const otherQuestion = 'its verdict in this run is about other settings than those of now: do that stage again';
const otherSource = 'its verdict in this run is about another source than the image was built from: do that stage again';
const notBuilt = 'it was not built in this job, or its source is another by now';
/** Tasks that have BuildKit make an image. */
const makesImage = ({ id, needs }) => /^(build:|test-image:|bake\b)/.test(id) && needs.some(need => need.id === 'builder');
/** Tasks whose value lives in one process only, or is a right that must not outlive it: they always run. */
const alwaysRun = (task) => /^(gate|identity|login(:pull)?|push:.*|cache:.*)$/.test(task.id);
/**
 * Pure: which ends of earlier commands are taken over. A part is taken for the same question only, and never for what
 * is asked for now. For a push nothing is made up for: a verdict that is not there is missing, and the gate says so.
 */
function givenFrom({ command, goals, parts, source }) {
    const wanted = new Set(goals);
    const given = new Map();
    // A push ships what was built: its verdicts must be about that source, whatever the checkout is now.
    const built = parts.find(({ task }) => task.startsWith('build:'))?.source ?? source;
    for (const task of (0,order/* closureOf */.TQ)(goals)) {
        if (alwaysRun(task) || wanted.has(task))
            continue;
        const part = parts.find(one => one.task === task.id);
        const outcome = command === 'push' ? forPush(task, part, built) : forStage(task, part, source);
        if (outcome !== undefined)
            given.set(task.id, outcome);
        // At the end of a job nothing is built: what it was made of is not there any more.
        else if (command === 'cache' && makesImage(task))
            given.set(task.id, (0,perform/* notStarted */.DY)(task, 'skipped', notBuilt));
    }
    for (const task of idle((0,order/* closureOf */.TQ)(goals), given))
        given.set(task.id, (0,perform/* notStarted */.DY)(task, 'skipped', 'nothing is pulled'));
    return given;
}
/** The login for pulls where whatever would pull is done: it would be a right without a use. */
const idle = (tasks, given) => tasks.filter(login => login.id === 'login:pull' && !tasks.some(task => task.needs.includes(login) && !given.has(task.id)));
const takenOver = (part) => (part.value === undefined ? { part } : { part, value: part.value });
function forStage(task, part, source) {
    const same = part?.status === 'passed' && part.request === (0,task_task/* hashOf */.qQ)(task.request) && isOf(source, part);
    return same ? takenOver(part) : undefined;
}
/** Tasks that look at no source: they serve whatever is built. */
const ofNoSource = new Set(['staging', 'builder', 'scanner']);
/** Whether a part was done on this source. */
const isOf = (source, part) => ofNoSource.has(part.task) || (part.source ?? source) === source;
function forPush(task, part, source) {
    if (task.kind !== 'work')
        return verdictForPush(task, part, source);
    if (part !== undefined && task.id.startsWith('build:') && part.request !== (0,task_task/* hashOf */.qQ)(task.request))
        throw new errors/* UserError */.yo(`${task.id}: the image of this run was built from other settings than those of now\n${buildFirst}`);
    if (part !== undefined)
        return takenOver(part);
    if (task.id.startsWith('build:'))
        throw new errors/* UserError */.yo(`${task.id}: nothing is staged in this run\n${buildFirst}`);
    return (0,perform/* notStarted */.DY)(task, 'cancelled', 'was not done in this run');
}
function verdictForPush(task, part, source) {
    if (part === undefined)
        return (0,perform/* notStarted */.DY)(task, 'cancelled', noVerdict);
    if (part.request !== (0,task_task/* hashOf */.qQ)(task.request))
        return (0,perform/* notStarted */.DY)(task, 'cancelled', otherQuestion);
    return isOf(source, part) ? takenOver(part) : (0,perform/* notStarted */.DY)(task, 'cancelled', otherSource);
}
const buildFirst = 'Build first: pce build, or the build action as an earlier step of this job.';
/** Pure: verdicts of this run that no task of the plan gives now. A red one is not unsaid by leaving out its judge. */
const heardFrom = (parts, { tasks }) => (0,record/* verdictsOf */.W5)(parts.filter(({ task }) => !tasks.some(({ id }) => id === task)));

;// CONCATENATED MODULE: ./.build/src/pipeline/goals.js

/**
 * Pure: the tasks that a command asks for.
 * @throws UserError when nothing is configured for it, a check does not exist, or there is no registry to push to.
 */
function goalsOf({ command, push, only }, plan, config) {
    if (command === 'push' || push) {
        if (plan.goals.push.length === 0)
            throw new errors/* UserError */.yo('registries: none is named, so there is nowhere to push to\nName one in pce.yml: registries: [ghcr.io]. As inputs: registries: ghcr.io, or images: ghcr.io/acme/web, or a full reference in tags.');
        const [homeless] = Object.entries(plan.metadata).filter(([, { places }]) => places.length === 0);
        if (homeless !== undefined)
            throw new errors/* UserError */.yo(`images.${homeless[0]}: has nowhere to go, while other images are pushed\nGive it a name with a host, or name registries for all.`);
    }
    if (command === 'build' && push)
        return [...plan.goals.build, ...plan.pushBuilt];
    if (command === 'run')
        return push ? [...plan.goals.run, ...plan.goals.push] : plan.goals.run;
    const goals = command === 'check' && only.length > 0 ? onlyThese(only, plan, config) : plan.goals[command];
    if (goals.length === 0)
        throw new errors/* UserError */.yo(`${command}: nothing is configured for it; see pce plan`);
    return goals;
}
function onlyThese(only, { goals }, { checks }) {
    const unknown = only.find(name => !Object.hasOwn(checks, name) && name !== 'hadolint');
    if (unknown !== undefined)
        throw new errors/* UserError */.yo(`only: there is no check ${unknown}; there are: ${[...Object.keys(checks), 'hadolint'].join(', ')}`);
    return goals.check.filter(({ id }) => only.some(name => id === `check:${name}` || id.split(':')[0] === name));
}

// EXTERNAL MODULE: ./.build/src/config/inputs.js + 2 modules
var inputs = __webpack_require__(70800);
// EXTERNAL MODULE: ./.build/src/disk/files.js
var files = __webpack_require__(58870);
// EXTERNAL MODULE: ./.build/src/run/event.js
var run_event = __webpack_require__(40625);
// EXTERNAL MODULE: ./.build/src/run/git.js
var run_git = __webpack_require__(94901);
// EXTERNAL MODULE: ./.build/src/run/revision.js
var run_revision = __webpack_require__(57656);
;// CONCATENATED MODULE: ./.build/src/run/facts.js






const repositorySchema = schemas/* object */.Ikc({
    /** `https://github.com/acme/web`: no user name, no `.git` */
    url: schemas/* string */.YjP(),
    /** `web` */
    name: schemas/* string */.YjP(),
});
const factsSchema = schemas/* object */.Ikc({
    revision: record/* revisionSchema */.X8,
    /** `push`, `schedule`; empty on a laptop */
    event: schemas/* string */.YjP(),
    /** the commit that tags and labels name */
    sha: schemas/* string */.YjP(),
    /** branch that a pull request goes to; empty for anything else */
    base: schemas/* string */.YjP(),
    defaultBranch: schemas/* string */.YjP().optional(),
    repository: repositorySchema.optional(),
    /** the tags of Git that are known here */
    tags: schemas/* array */.YOg(schemas/* string */.YjP()),
    /** false where there may be more: a shallow checkout brings none along */
    tagsComplete: schemas/* boolean */.zMY(),
    /** ISO 8601 */
    now: schemas/* string */.YjP(),
    /** digits of a short commit */
    shortSha: schemas/* number */.aig(),
    /** levels of annotations that name none */
    levels: schemas/* array */.YOg(schemas/* string */.YjP()),
    /** versions that the images of the run say of themselves, by name: a push may ask for other tags than the build did */
    versions: schemas/* record */.g1P(schemas/* string */.YjP(), schemas/* string */.YjP()).optional(),
});
/** Reads the facts of a checkout and of the job. @throws UserError for a setting that is none */
async function readFacts(context, env) {
    const [revision, event, git] = await Promise.all([(0,run_revision/* readRevision */.M)(context, env), (0,run_event/* readEvent */.j)(env), (0,run_git/* openGit */.z)(context, env)]);
    const [remote, head, known] = git === undefined ? [] : await Promise.all([remoteOf(git), headOf(git), tagsOf(git)]);
    return {
        revision,
        event: event.name,
        sha: shaOf(revision.commit, event, env),
        base: event.base,
        defaultBranch: event.defaultBranch ?? head ?? defaultOf(event.name, revision.ref),
        repository: repositoryOf(remote) ?? repositoryOf(jobUrl(env)),
        tags: known?.tags ?? [],
        tagsComplete: known?.complete ?? false,
        now: new Date().toISOString(),
        shortSha: lengthOf(env.DOCKER_METADATA_SHORT_SHA_LENGTH),
        levels: (env.DOCKER_METADATA_ANNOTATIONS_LEVELS || 'manifest').split(',').map(level => level.trim()),
    };
}
/** The commit of a pull request's own branch, where that was asked for, in place of its merge with the base. */
const shaOf = (commit, { head }, env) => /^true$/i.test(env.DOCKER_METADATA_PR_HEAD_SHA ?? '') && commit === env.GITHUB_SHA ? (head ?? commit) : commit;
function lengthOf(text) {
    if (text === undefined || text === '')
        return 7;
    if (/^\d+$/.test(text) && Number(text) > 0)
        return Number(text);
    throw new errors/* UserError */.yo(`DOCKER_METADATA_SHORT_SHA_LENGTH: found ${JSON.stringify(text)}, expected a number of digits`);
}
const remoteOf = (git) => git(['config', '--get', 'remote.origin.url']);
const headOf = async (git) => (await git(['symbolic-ref', '--quiet', 'refs/remotes/origin/HEAD']))?.replace('refs/remotes/origin/', '');
/**
 * A shallow checkout has the tags that were fetched on purpose. One that has no other tags than those of its own commit
 * says nothing about those of others.
 */
async function tagsOf(git) {
    const list = (...argv) => git(['for-each-ref', '--format=%(refname:strip=2)', ...argv, 'refs/tags']);
    const [all, here, shallow] = await Promise.all([
        list(),
        list('--points-at=HEAD'),
        git(['rev-parse', '--is-shallow-repository']),
    ]);
    const tags = (all ?? '').split('\n').filter(Boolean);
    return { tags, complete: shallow === 'false' || tags.length > (here ?? '').split('\n').filter(Boolean).length };
}
/** Events that run on the default branch alone tell its name (docs.github.com, "Events that trigger workflows"). */
const defaultOf = (event, ref) => /^(schedule|issues|issue_comment|discussion|discussion_comment|workflow_run)$/.test(event)
    ? /^refs\/heads\/(.+)$/.exec(ref)?.[1]
    : undefined;
const jobUrl = ({ GITHUB_ACTIONS, GITHUB_SERVER_URL, GITHUB_REPOSITORY }) => GITHUB_ACTIONS === 'true' && GITHUB_SERVER_URL && GITHUB_REPOSITORY
    ? `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}`
    : undefined;
/**
 * Pure: the page of a repository, from the URL of a remote: `git@host:acme/web.git`, `ssh://git@host:22/acme/web`,
 * `https://user:token@host/acme/web`. What may be a secret is left out. Undefined for a path on this machine.
 */
function repositoryOf(remote) {
    const text = remote?.trim() ?? '';
    const short = /^(?:[^/@:]+@)?([^/@:]+):(?!\/)(.+)$/.exec(text);
    const url = URL.parse(short === null ? text : `ssh://${short[1]}/${short[2]}`);
    const isWeb = /^https?:$/.test(url?.protocol ?? '');
    if (url === null || !(isWeb || /^(ssh|git):$/.test(url.protocol)) || !/\.|^localhost$/.test(url.hostname))
        return undefined;
    const path = url.pathname.replace(/^\/+/, '').replace(/(\.git)?\/*$/, '');
    const page = isWeb ? url.origin : `https://${url.hostname}`;
    return path === '' ? undefined : { url: `${page}/${path}`, name: path.split('/').at(-1) ?? path };
}

// EXTERNAL MODULE: ./.build/src/run/read-file.js
var read_file = __webpack_require__(64264);
;// CONCATENATED MODULE: ./.build/src/run/kept.js





const overridesSchema = schemas/* array */.YOg(schemas/* object */.Ikc({ path: schemas/* array */.YOg(schemas/* string */.YjP()), text: schemas/* string */.YjP(), from: schemas/* string */.YjP() }));
const fileOf = (directory) => (0,external_node_path_.join)(directory, 'overrides.json');
/**
 * What inputs and flags of earlier steps or commands of a run said: an image that was named for the build is the one
 * that is scanned and pushed. Secrets are no overrides.
 */
const readOverrides = async (directory) => (await (0,read_file/* readRunFile */.m)(fileOf(directory), overridesSchema)) ?? [];
const writeOverrides = (directory, overrides) => (0,files/* writeWhole */.f8)(fileOf(directory), JSON.stringify(overrides));
const factsFileOf = (directory) => (0,external_node_path_.join)(directory, 'facts.json');
/** The facts that the images of a run were built with: whatever the checkout is at now, tags and labels are theirs. */
const readBuiltFacts = (directory) => (0,read_file/* readRunFile */.m)(factsFileOf(directory), factsSchema);
const writeBuiltFacts = (directory, facts) => (0,files/* writeWhole */.f8)(factsFileOf(directory), JSON.stringify(facts));

// EXTERNAL MODULE: ./.build/src/run/parts.js
var run_parts = __webpack_require__(63239);
;// CONCATENATED MODULE: ./.build/src/pipeline/join.js





/**
 * What earlier calls said, and then this one. A build begins anew: another build of the same job, or one with less flags,
 * is not to have the target and the arguments of the one before; what a check was told stays. The caches that a job ends
 * with are those of its last build. Where a push goes is never taken from a file of the run, which the repository's own
 * code may have written to: a login must not be sent to a host that nobody named.
 */
async function joinOverrides({ directory }, { command, pushes, overrides }) {
    const kept = await readOverrides(directory);
    if (command === 'build')
        return [...kept.filter(one => !isOfBuild(one)), ...overrides];
    if (command === 'cache')
        return kept;
    return [...(pushes ? withoutPlaces(kept) : kept), ...overrides];
}
const isOfBuild = ({ path }) => inputs/* actions */.o.build.inputs.some(input => input.path?.join('.') === path.join('.'));
function withoutPlaces(kept) {
    return kept
        .filter(({ path: [key = ''] }) => !['registries', 'login', 'tags', 'flavor', 'destinations'].includes(key))
        .map(one => (one.path.join('.') === 'image' ? { ...one, text: (0,tags_name/* splitHost */.Ve)(one.text).path } : one));
}
/**
 * The facts that count in an open run. For a push they are those of the build; for a stage the same while the source is
 * the same. Else the checkout's own.
 */
async function builtIn({ directory }, command, source) {
    const build = (await (0,run_parts/* readParts */.fp)(directory)).find(({ task }) => task.startsWith('build:'));
    const counts = build !== undefined && (command === 'push' || (command !== 'build' && build.source === source));
    return counts ? readBuiltFacts(directory) : undefined;
}
/**
 * What the run holds already. What was done on another source, or about an image that is built anew, is worthless; but
 * what is red about a digest stays until the build has another.
 */
async function partsOf(command, run, source) {
    const parts = await (0,run_parts/* readParts */.fp)(run.directory);
    if (command === 'push')
        return parts;
    const isWorth = (part) => (command === 'build' && isAboutImage(part) ? isRed(part) : isOf(source, part));
    const kept = parts.filter(isWorth);
    await Promise.all(parts.filter(part => !kept.includes(part)).map(({ task }) => (0,run_parts/* removePart */.KO)(run.directory, task)));
    return kept;
}
/** After a build: forgets what was said about digests that nothing has any more. */
async function forgetOthers(run, images) {
    const parts = await (0,run_parts/* readParts */.fp)(run.directory);
    const isGone = ({ subject }) => subject !== undefined && subject !== 'source' && !images.some(({ digest }) => digest === subject);
    await Promise.all(parts.filter(part => part.kind !== 'work' && isGone(part)).map(({ task }) => (0,run_parts/* removePart */.KO)(run.directory, task)));
}
const isRed = ({ kind, status }) => kind === 'blocking' && status !== 'passed' && status !== 'skipped';
const isAboutImage = ({ task, subject, kind }) => task.startsWith('build:') ||
    (subject !== undefined && subject !== 'source') ||
    (kind === 'work' && /^(gate|login|index:|push:)/.test(task));

// EXTERNAL MODULE: external "node:os"
var external_node_os_ = __webpack_require__(48161);
// EXTERNAL MODULE: ./.build/src/record/masked.js
var masked = __webpack_require__(83344);
// EXTERNAL MODULE: ./.build/src/run/environment.js
var environment = __webpack_require__(61076);
;// CONCATENATED MODULE: ./.build/src/pipeline/logs.js



function openLogs(directory) {
    const open = new Map();
    return {
        open(id) {
            const tail = [];
            const file = (0,external_node_fs_.createWriteStream)((0,external_node_path_.join)(directory, 'logs', `${(0,run_parts/* fileNameOf */.bV)(id)}.log`), { flags: 'a' });
            // A full disk must not end the run by way of its log; what can't go on says so itself.
            file.on('error', () => { });
            const write = (line) => {
                file.write(`${line}\n`);
                tail.push(line);
                if (tail.length > 20)
                    tail.shift();
            };
            open.set(id, { write, tail, close: () => new Promise(resolve => file.end(() => resolve())) });
            return write;
        },
        tailOf: (id) => open.get(id)?.tail ?? [],
        close: async () => {
            await Promise.all([...open.values()].map(log => log.close()));
        },
    };
}

;// CONCATENATED MODULE: ./.build/src/pipeline/schedule.js



/**
 * Runs the goals and what they wait for: a task starts when its needs exist and the CPUs suffice, longest remaining path
 * first. Gives the outcome of every task. Never throws for what a task did; what the host throws (a full disk) is
 * thrown once nothing runs any more.
 */
async function schedule(plan) {
    const tasks = (0,order/* closureOf */.TQ)(plan.goals);
    const state = new State(tasks, plan);
    try {
        while (!state.done)
            await state.advance();
    }
    finally {
        await state.breakOff();
    }
    return state.outcomes;
}
class State {
    outcomes;
    running = new Map();
    #waiting;
    #plan;
    #failure;
    /** true once a vital task failed: then nothing is worth doing */
    #over = false;
    constructor(tasks, plan) {
        this.#plan = plan;
        this.outcomes = new Map(plan.given);
        const rest = (0,order/* remainingOf */._1)(tasks);
        const byLongest = [...tasks].sort((a, b) => (rest.get(b) ?? 0) - (rest.get(a) ?? 0));
        this.#waiting = new Set(byLongest.filter(({ id }) => !this.outcomes.has(id)));
    }
    get done() {
        return this.#waiting.size === 0 && this.running.size === 0;
    }
    /**
     * Ends, without running them, the tasks that can't or needn't run any more, again and again, since one end leads to
     * others; then starts what can start, and waits for the next end. From the last look to the wait nothing is awaited:
     * an end that came between would be overlooked.
     */
    async advance() {
        for (let again = true; again;) {
            again = false;
            const worth = this.#worth();
            for (const task of this.#waiting) {
                const end = this.#endWithoutRun(task, worth);
                if (end === undefined)
                    continue;
                this.#waiting.delete(task);
                await this.#record(task, end);
                again = true;
            }
        }
        this.#startAll();
        if (this.running.size > 0)
            await Promise.race([...this.running.values()].map(({ end }) => end));
    }
    #startAll() {
        for (const task of this.#waiting) {
            if (!(0,order/* waitsFor */.is)(task).every(({ id }) => this.outcomes.has(id)) || !this.#fits(task))
                continue;
            this.#waiting.delete(task);
            const control = new AbortController();
            this.running.set(task, { control, end: this.#run(task, control) });
        }
    }
    /** Cancels what still runs, and waits for it: nothing runs on behind a schedule that has ended. */
    async breakOff() {
        for (const { control } of this.running.values())
            control.abort(new perform/* Cancelled */.cJ('the run broke off'));
        await Promise.allSettled([...this.running.values()].map(({ end }) => end));
    }
    #worth() {
        if (this.#over)
            return new Set();
        const unfinished = [...this.#waiting, ...this.running.keys()];
        return this.#failure === undefined ? new Set(unfinished) : (0,order/* worthAfterFailure */.Hc)(unfinished);
    }
    #endWithoutRun(task, worth) {
        if (this.#plan.signal.aborted)
            return (0,perform/* notStarted */.DY)(task, 'cancelled', 'the run was cancelled');
        const missing = task.needs.find(({ id }) => isOver(this.outcomes.get(id)));
        if (missing !== undefined)
            return withoutNeed(task, missing.id, this.outcomes.get(missing.id)?.part);
        return worth.has(task) ? undefined : (0,perform/* notStarted */.DY)(task, 'cancelled', `not worth doing: ${this.#failure}`);
    }
    #fits({ weight }) {
        const { capacity } = this.#plan;
        const used = [...this.running.keys()].reduce((sum, task) => sum + Math.min(task.weight, capacity), 0);
        return used + Math.min(weight, capacity) <= capacity;
    }
    async #run(task, control) {
        const { signal: all, scopeOf, show } = this.#plan;
        await show({ type: 'started', at: Date.now(), task: task.id });
        const judged = (0,record/* verdictsOf */.W5)(task.judges.flatMap(({ id }) => this.outcomes.get(id)?.part ?? []));
        const verdicts = [...judged, ...(this.#plan.heard ?? [])];
        const signal = AbortSignal.any([all, control.signal]);
        const outcome = await (0,perform/* performTask */.Vn)({ task, outcomes: this.outcomes, verdicts, signal, scopeOf });
        await this.#record(task, outcome);
    }
    // Told first: the host may take its time, and nothing may start on an end that nobody has written down.
    async #record(task, outcome) {
        await this.#plan.show({ type: 'ended', at: Date.now(), part: outcome.part });
        this.outcomes.set(task.id, outcome);
        this.running.delete(task);
        const { status } = outcome.part;
        if (task.kind !== 'advisory' && status !== 'passed' && status !== 'skipped')
            this.#failure ??= `${task.id} ${status}`;
        if (task.vital && status !== 'passed' && status !== 'skipped')
            this.#over = true;
        const worth = this.#worth();
        for (const [other, { control }] of this.running) {
            if (!worth.has(other))
                control.abort(new perform/* Cancelled */.cJ(`not worth going on: ${this.#failure}`));
        }
    }
}
function withoutNeed(task, need, { status, reason } = {}) {
    if (status === 'skipped')
        return (0,perform/* notStarted */.DY)(task, 'skipped', `${need} was skipped${reason ? `: ${reason}` : ''}`);
    return (0,perform/* notStarted */.DY)(task, 'cancelled', `needs ${need}, which ${status === 'passed' ? 'gave no value' : `ended ${status}`}`);
}
/** Ended without a value: nothing that needs it can run. */
const isOver = (outcome) => outcome !== undefined && !('value' in outcome);

;// CONCATENATED MODULE: ./.build/src/pipeline/pipeline.js










/** Performs goals in a run: each end is written down at once, masked, also when the run fails or is cancelled. */
async function performPlan(session, goals, given) {
    const { run, plan, revision, masker } = session;
    const frame = {
        id: run.id,
        revision,
        plan: { hash: plan.hash, tasks: plan.tasks.map(planned) },
        started: new Date().toISOString(),
    };
    const logs = openLogs(run.directory);
    const parts = [];
    await (0,run_parts/* writeRecord */.rh)(run.directory, frame);
    const mine = (0,order/* closureOf */.TQ)(goals).filter(({ id }) => !given.has(id));
    session.show({ type: 'planned', at: Date.now(), tasks: mine.map(({ id, kind }) => ({ id, kind })) });
    const show = async (event) => {
        if (event.type !== 'ended')
            return session.show(event);
        const whole = withLog({ ...event.part, source: session.source }, logs.tailOf(event.part.task));
        const part = (0,masked/* maskPart */.O)(whole, masker.apply);
        parts.push(part);
        await (0,run_parts/* writePart */.$X)(run.directory, part);
        await (0,run_parts/* writeRecord */.rh)(run.directory, frame);
        session.show({ ...event, part });
    };
    const scopeOf = (task, signal) => scopeIn(session, { task, signal, log: logs.open(task.id) });
    try {
        await schedule({
            heard: session.heard,
            goals,
            given,
            capacity: (0,external_node_os_.availableParallelism)(),
            signal: session.signal,
            scopeOf,
            show,
        });
    }
    finally {
        await logs.close();
    }
    const ended = new Date().toISOString();
    return { record: await (0,run_parts/* writeRecord */.rh)(run.directory, frame, ended), own: (0,record/* mergeParts */.N3)(frame, parts, ended), parts };
}
const planned = ({ id, kind, needs, judges }) => ({
    id,
    kind,
    needs: [...needs, ...judges].map(need => need.id),
});
function scopeIn(session, { task, signal, log }) {
    const mask = (secret) => {
        session.masker.add(secret);
        session.mask(secret);
    };
    return {
        run: session.run,
        context: session.context,
        newmanWorker: session.newmanWorker,
        env: (0,environment/* scrub */._)(session.env, session.secrets),
        rights: session.env,
        signal,
        mask,
        credentials: use => (use === 'push' ? session.credentials : session.pullCredentials),
        secret(name) {
            if ((0,rights/* isRight */.F)(name))
                throw new errors/* UserError */.yo(`secret ${name}: expected ${rights/* rightMessage */.c}`);
            const value = session.env[name];
            if (value !== undefined && value !== '')
                mask(value);
            return value;
        },
        say(text) {
            for (const line of session.masker.apply(text).split('\n')) {
                log(line);
                session.show({ type: 'line', at: Date.now(), task: task.id, line });
            }
        },
    };
}
const withLog = (part, tail) => part.status === 'passed' || part.status === 'skipped' || tail.length === 0 ? part : { ...part, log: [...tail] };

// EXTERNAL MODULE: ./.build/src/build/context.js
var context = __webpack_require__(52255);
// EXTERNAL MODULE: ./.build/src/build/lock.js
var build_lock = __webpack_require__(85889);
;// CONCATENATED MODULE: ./.build/src/build/source-policy.js






/** What buildx reads the policy of a build, or of a bake, from (docker/buildx, build/build.go: ReadSourcePolicy). */
const variable = 'EXPERIMENTAL_BUILDKIT_SOURCE_POLICY';
const policySchema = schemas/* looseObject */._H3({ rules: schemas/* array */.YOg(schemas/* json */.Pq9()).default([]) });
/**
 * The environment in which buildx builds on what `pce.lock` pins: BuildKit itself puts the digest in the place of each
 * name, wherever that stands. Empty without a lock. A policy of the user's own comes first.
 * @throws UserError for a lock, or a policy of the user's, that can't be read
 */
async function lockedEnv(scope) {
    const lock = await (0,build_lock/* readLock */.mF)(scope.context);
    if (lock === undefined)
        return {};
    const own = await ownPolicy(scope);
    const policy = { ...own, rules: [...(own?.rules ?? []), ...pinsOf(lock)] };
    const file = (0,external_node_path_.join)(scope.run.directory, 'private', 'source-policy.json');
    await (0,files/* writeWhole */.f8)(file, `${JSON.stringify(policy)}\n`, 0o600);
    return { [variable]: file };
}
/** Pure: a rule for each image of the lock (moby/buildkit, sourcepolicy/pb/policy.proto). */
const pinsOf = ({ images }) => Object.entries(images).map(([image, digest]) => ({
    action: 'CONVERT',
    selector: { identifier: `docker-image://${image}` },
    updates: { identifier: `docker-image://${image}@${digest}` },
}));
async function ownPolicy({ context, env }) {
    const path = env[variable];
    if (!path)
        return undefined;
    try {
        return policySchema.parse(JSON.parse(await (0,promises_.readFile)((0,external_node_path_.resolve)(context, path), 'utf8')));
    }
    catch (cause) {
        throw new errors/* UserError */.yo(`${variable}: found ${path}, expected a file of JSON with rules, to which those of ${build_lock/* lockFile */.Ke} are added`, { cause });
    }
}

;// CONCATENATED MODULE: ./.build/src/build/warnings.js

/**
 * Pure: what BuildKit warns of, as findings that never block. Its rules are those of `docker build --check`
 * (docs.docker.com/reference/build-checks); a rule that the Dockerfile skips (`# check=skip=…`) is not among them.
 */
const findingsOf = (warnings, dockerfile) => warnings.map(({ rule, message, file, line, url }) => ({
    tool: 'buildkit',
    rule,
    severity: 'low',
    message,
    ...(dockerfile !== undefined &&
        (file === undefined || (0,external_node_path_.basename)(file) === (0,external_node_path_.basename)(dockerfile)) && {
        location: { file: dockerfile, ...(line !== undefined && line > 0 && { line }) },
    }),
    ...(url !== undefined && url !== '' && { url }),
    blocking: false,
}));

;// CONCATENATED MODULE: ./.build/src/build/call.js









/** Pure: argv of the question. Nothing of the user's is run, so it gets no secret and no key. */
const planCall = ({ call, config }, builder) => [
    'docker',
    'buildx',
    'build',
    '--builder',
    builder,
    '--progress=plain',
    `--call=${call === 'check' ? 'check,format=json' : call}`,
    ...optionsOf({ ...config, secrets: [], 'secret-envs': {}, 'secret-files': {}, ssh: [] }),
    ...(config.target === undefined ? [] : ['--target', config.target]),
    contextOf(config),
];
/** Asks BuildKit about a Dockerfile; `check` is a verdict about the source, red with the first thing that it finds. */
const callTask = (id, request, builder) => (0,task_task/* task */._W)({
    id,
    request: { call: request.call, file: dockerfileOf(request.config), target: request.config.target },
    needs: { builder },
    kind: 'blocking',
    estimate: 5_000,
    perform: ({ builder: { name } }, scope) => ask(request, name, scope),
});
async function ask({ call, config }, builder, scope) {
    const argv = planCall({ call, config: await (0,context/* resolveContexts */.f)(config, scope) }, builder);
    const env = { ...scope.env, ...(await lockedEnv(scope)) };
    const program = { title: `docker buildx build --call=${call}`, argv, cwd: scope.context, env };
    const end = await (0,run/* runProgram */.mB)({ ...program, signal: scope.signal });
    if (call === 'check') {
        const findings = parseChecks(end.stdout, (0,build_config/* isRemote */.Vx)(config.context) ? undefined : dockerfileOf(config));
        if (findings !== undefined)
            return verdictOf(findings, scope);
    }
    else if (end.exitCode === 0) {
        for (const line of end.stdout.trimEnd().split('\n'))
            scope.say(line);
        return { value: 0 };
    }
    const words = end.stderr.split('\n').findLast(line => line.startsWith('ERROR: '));
    if (words === undefined)
        throw new errors/* OutsideError */.Cp((0,run/* failureOf */.g5)(program, end));
    return { status: 'failed', reason: words.replace(/^ERROR: (failed to build: )?(failed to solve: )?/, '') };
}
function verdictOf(findings, scope) {
    for (const { location, rule, message } of findings)
        scope.say(`${location?.file ?? 'Dockerfile'}:${location?.line ?? 1} ${rule} ${message}`);
    if (findings.length === 0)
        return { value: 0 };
    const what = `${findings.length} ${findings.length === 1 ? 'finding' : 'findings'} of BuildKit's checks`;
    return { status: 'failed', value: findings.length, reason: what, findings };
}
// moby/buildkit, frontend/subrequests/lint: result.json.
const checksSchema = schemas/* looseObject */._H3({
    warnings: schemas/* array */.YOg(schemas/* looseObject */._H3({
        ruleName: schemas/* string */.YjP(),
        detail: schemas/* string */.YjP().optional(),
        description: schemas/* string */.YjP().optional(),
        url: schemas/* string */.YjP().optional(),
        location: schemas/* looseObject */._H3({ ranges: schemas/* array */.YOg(schemas/* looseObject */._H3({ start: schemas/* looseObject */._H3({ line: schemas/* number */.aig() }) })).nullish() })
            .optional(),
    }))
        .nullable(),
});
/** Pure: the findings of `--call=check,format=json`; undefined when the text is no report. */
function parseChecks(text, dockerfile) {
    const report = checksSchema.safeParse(parseJson(text));
    if (!report.success)
        return undefined;
    const warnings = (report.data.warnings ?? []).map(({ ruleName, detail, description, url, location }) => ({
        rule: ruleName,
        message: detail || description || ruleName,
        url,
        file: undefined,
        line: location?.ranges?.[0]?.start.line,
    }));
    return findingsOf(warnings, dockerfile).map(finding => ({ ...finding, blocking: true }));
}
function parseJson(text) {
    try {
        return JSON.parse(text);
    }
    catch {
        return undefined;
    }
}

// EXTERNAL MODULE: ./.build/src/record/image.js
var record_image = __webpack_require__(6780);
;// CONCATENATED MODULE: ./.build/src/build/load.js



/** Puts the image of the engine's own platform into the engine, under its tags, by a pull of what is staged. */
const loadTask = (id, references, images) => (0,task_task/* task */._W)({
    id,
    // Not the tags: they depend on the branch, and a plan does not.
    request: null,
    needs: Object.fromEntries(images.map(image => [image.id, image])),
    weight: 0,
    estimate: 5_000,
    perform: (made, scope) => loadImage(references, Object.values(made), scope),
});
async function loadImage(references, images, scope) {
    const format = '{{.Server.Os}}/{{.Server.Arch}}';
    const native = (await (0,docker/* docker */.T3)("Ask for the engine's platform", ['version', '--format', format], scope)).trim();
    const image = images.find(({ platform }) => platform === native) ?? (images.length === 1 ? images[0] : undefined);
    if (image === undefined)
        return {
            status: 'skipped',
            reason: `none of ${images.map(one => one.platform).join(', ')} is ${native}, which the engine runs`,
        };
    const source = (0,record_image/* referenceOf */.Bz)(image);
    await (0,docker/* docker */.T3)(`Load ${source}`, ['pull', '--quiet', '--platform', image.platform, source], scope);
    for (const reference of references) {
        await (0,docker/* docker */.T3)(`Tag ${reference}`, ['tag', source, reference], scope);
        scope.say(`Loaded ${reference} (${image.platform})`);
    }
    return { value: references };
}

// EXTERNAL MODULE: ./.build/src/docker/compose.js
var docker_compose = __webpack_require__(72072);
// EXTERNAL MODULE: ./.build/src/run/journal.js
var journal = __webpack_require__(50566);
// EXTERNAL MODULE: ./.build/src/run/run.js
var run_run = __webpack_require__(27640);
;// CONCATENATED MODULE: ./.build/src/run/staging.js







/** Each run has it on its machine. */
const stagingImage = 'registry:3';
/** No service of a repository has such a name: they share the project. */
const service = 'pce-staging';
/** Pure: the Compose document of the staging registry. Its port is chosen by the engine, so it is free. */
const planStaging = (run) => ({
    services: {
        [service]: {
            image: stagingImage,
            labels: (0,run_run/* labelsOf */.PC)(run),
            // Not the project's network: services and tests of the repository have no business there.
            network_mode: 'bridge',
            ports: [{ target: 5000, host_ip: '127.0.0.1', protocol: 'tcp' }],
            environment: { OTEL_TRACES_EXPORTER: 'none', REGISTRY_LOG_LEVEL: 'warn' },
            tmpfs: ['/tmp'],
        },
    },
});
/** Starts the staging registry in the run's project. */
async function openStaging(scope) {
    const { run } = scope;
    const file = (0,external_node_path_.join)(run.directory, 'staging.json');
    const project = { name: (0,run_run/* projectOf */.v8)(run.id), files: [file] };
    await (0,journal/* writeDown */._)(run.directory, { kind: 'project', name: project.name });
    await (0,files/* writeWhole */.f8)(file, JSON.stringify(planStaging(run)));
    await (0,docker/* docker */.T3)('Start staging', (0,docker_compose/* composeArgv */.NS)(project, 'up', '--detach', '--quiet-pull', service), scope);
    const host = (await (0,docker/* docker */.T3)('Find staging', (0,docker_compose/* composeArgv */.NS)(project, 'port', service, '5000'), scope)).trim();
    await answers(host, scope);
    return { host };
}
// The container runs before its server listens; 20 s are for a slow machine, it is 0.1 s as a rule.
async function answers(host, { signal }) {
    const until = Date.now() + 20_000;
    for (let last = 'no answer';;) {
        signal.throwIfAborted();
        try {
            const response = await fetch(`http://${host}/v2/`, { signal: AbortSignal.timeout(2_000) });
            if (response.ok)
                return;
            last = `HTTP ${response.status}`;
        }
        catch (error) {
            last = error instanceof Error ? String(error.cause ?? error.message) : String(error);
        }
        if (Date.now() > until)
            throw new errors/* OutsideError */.Cp(`The staging registry on ${host} did not become ready: ${last}`);
        await new Promise(resolve => setTimeout(resolve, 50));
    }
}

// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(77598);
// EXTERNAL MODULE: ./.build/src/record/steps.js
var record_steps = __webpack_require__(9090);
;// CONCATENATED MODULE: ./.build/src/cache/explain.js

/**
 * Pure: the likely reason why the first step that was done anew was not in a cache, for people; undefined when every
 * step was.
 */
function explainMiss(vertices, { from, found, missed }) {
    const steps = (0,record_steps/* stepsOf */.B_)(vertices);
    const first = steps
        .filter(({ cached }) => !cached)
        .sort((a, b) => (a.started ?? '').localeCompare(b.started ?? ''))[0];
    if (first === undefined)
        return undefined;
    if (from.length === 0)
        return `${first.name}: there was no cache to read`;
    const untold = vertices.filter(({ name, error }) => (0,record_steps/* importedFrom */.NK)(name) !== undefined && error !== undefined);
    const broken = untold.find(({ error = '' }) => !isNotThere(firstLine(error)));
    if (steps.some(({ cached }) => cached))
        return `${first.name}: ${reasonFor(first.name)}`;
    if (broken !== undefined)
        return `${first.name}: the cache could not be read: ${firstLine(broken.error ?? '')}`;
    if (untold.length > 0 && found.length === 0 && missed.length === 0)
        return `${first.name}: there is no cache yet`;
    if (found.length === 0 && missed.length > 0)
        return `${first.name}: there is no cache yet for ${missed.join(', ')}`;
    return `${first.name}: ${reasonFor(first.name)}`;
}
/** By what the cache key of an instruction is made of (moby/buildkit, docs/dev/solver.md). */
function reasonFor(step) {
    const [, instruction = '', rest = ''] = /^\[[^\]]*\] (\S+)(.*)$/.exec(step) ?? [];
    if (/--from=/.test(rest))
        return 'what it copies from another stage changed, or its base image';
    if (instruction === 'COPY' || instruction === 'ADD')
        return 'a file that it copies changed, or its base image';
    if (instruction === 'RUN')
        return 'its command, a build argument that it sees or its base image changed';
    return 'it changed, or its base image';
}
/** Pure: whether BuildKit says of a cache that nobody has written it yet. */
const isNotThere = (said) => /not found|no such|NoSuchKey|name unknown/i.test(said);
const firstLine = (text) => text.split('\n', 1)[0] ?? '';

;// CONCATENATED MODULE: ./.build/src/cache/token.js


// The claim `ac` is JSON inside JSON (tonistiigi/go-actions-cache, cache.go); BuildKit wants `nbf` and `exp` as well.
const claimsSchema = schemas/* looseObject */._H3({ ac: schemas/* string */.YjP(), exp: schemas/* number */.aig(), nbf: schemas/* number */.aig() });
const scopesSchema = schemas/* array */.YOg(schemas/* looseObject */._H3({ Scope: schemas/* string */.YjP(), Permission: schemas/* number */.aig() }));
/** The right of this job to the cache, or why there is none. `now` in ms. */
function readCacheRight(env, now) {
    const { ACTIONS_RUNTIME_TOKEN: token, ACTIONS_RESULTS_URL: url, ACTIONS_CACHE_MODE: mode } = env;
    if (!token || !url)
        return 'there is no ACTIONS_RUNTIME_TOKEN and ACTIONS_RESULTS_URL here: GitHub gives them to actions, not to run steps';
    if (mode?.trim().toLowerCase() === 'none')
        return 'ACTIONS_CACHE_MODE of this job is none';
    const claims = claimsSchema.safeParse(parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')));
    const scopes = scopesSchema.safeParse(parse(claims.data?.ac ?? ''));
    if (!claims.success || !scopes.success)
        return 'the token of this job says nothing about a cache';
    if (claims.data.exp * 1000 <= now)
        return 'the token of this job has expired';
    return { url, token, scopes: allowed(scopes.data, mode), expires: claims.data.exp };
}
/** True where the job may add entries to a scope. */
const mayWrite = ({ scopes }) => scopes.some(({ Permission }) => (Permission & 2) !== 0);
/** The mode of the runner can only take rights away (actions/runner 2.336, ACTIONS_CACHE_MODE). */
function allowed(scopes, mode) {
    const mask = { read: 1, 'write-only': 2 }[mode?.trim().toLowerCase() ?? ''] ?? 3;
    return scopes.map(({ Scope, Permission }) => ({ Scope, Permission: Permission & mask }));
}
/**
 * A token for BuildKit to show to this process: it has the scopes, which name its keys, and is of no use elsewhere.
 */
function standInFor({ scopes, expires }) {
    const claims = { ac: JSON.stringify(scopes), nbf: 0, exp: expires };
    const [header, payload] = [{ alg: 'HS256', typ: 'JWT' }, claims].map(part => Buffer.from(JSON.stringify(part)).toString('base64url'));
    return `${header}.${payload}.${(0,external_node_crypto_.randomBytes)(32).toString('base64url')}`;
}
function parse(text) {
    try {
        return JSON.parse(text);
    }
    catch {
        return undefined;
    }
}

;// CONCATENATED MODULE: ./.build/src/cache/facts.js







/** Looks at the machine; nothing is asked over the network. */
async function readCacheFacts(config, { context, rights, reaches }) {
    const right = readCacheRight(rights, Date.now());
    const onGitHub = rights.GITHUB_ACTIONS === 'true';
    const hosted = rights.RUNNER_ENVIRONMENT === 'github-hosted';
    return {
        host: onGitHub ? (hosted ? 'github-hosted' : 'self-hosted') : 'laptop',
        inAws: isInAws(rights),
        reaches,
        actions: typeof right === 'string' ? { none: right } : { writes: mayWrite(right) },
        tag: rights.GITHUB_REF_TYPE === 'tag',
        branches: onGitHub ? branchesOf(rights) : await askGit(context, rights),
        folder: folderOf(config, context, rights),
        native: `linux-${process.arch === 'x64' ? 'amd64' : process.arch}`,
    };
}
/** A machine of AWS says so in its firmware, a container of AWS in its environment. */
function isInAws(env) {
    if (env.CODEBUILD_BUILD_ID || env.AWS_EXECUTION_ENV || env.ECS_CONTAINER_METADATA_URI_V4)
        return true;
    return /^Amazon EC2\s*$/.test(facts_textOf('/sys/devices/virtual/dmi/id/sys_vendor'));
}
const eventSchema = schemas/* looseObject */._H3({
    repository: schemas/* looseObject */._H3({ default_branch: schemas/* string */.YjP().optional() }).optional(),
    pull_request: schemas/* looseObject */._H3({ number: schemas/* number */.aig() }).optional(),
});
function branchesOf(env) {
    const event = eventSchema.safeParse(facts_parse(facts_textOf(env.GITHUB_EVENT_PATH ?? ''))).data;
    const number = event?.pull_request?.number;
    // With pull_request_target the ref is that of the base branch, whatever is checked out.
    const isPull = /^refs\/pull\//.test(env.GITHUB_REF ?? '') || env.GITHUB_EVENT_NAME === 'pull_request_target';
    return {
        own: isPull && number !== undefined ? `pr-${number}` : env.GITHUB_REF_NAME || undefined,
        base: env.GITHUB_BASE_REF || undefined,
        usual: event?.repository?.default_branch,
    };
}
async function askGit(context, env) {
    const git = await (0,run_git/* openGit */.z)(context, env);
    const [own, usual] = await Promise.all([
        git?.(['symbolic-ref', '--quiet', '--short', 'HEAD']),
        git?.(['symbolic-ref', '--quiet', '--short', 'refs/remotes/origin/HEAD']),
    ]);
    return { own: own || undefined, base: undefined, usual: usual?.replace(/^origin\//, '') || undefined };
}
function folderOf({ path }, context, env) {
    if (path !== undefined)
        return (0,external_node_path_.isAbsolute)(path) ? path : (0,external_node_path_.join)(context, path);
    const checkout = (0,external_node_crypto_.createHash)('sha256').update(context).digest('hex').slice(0, 8);
    return (0,external_node_path_.join)(env.XDG_CACHE_HOME || (0,external_node_path_.join)((0,external_node_os_.homedir)(), '.cache'), 'pce', 'layers', checkout);
}
function facts_textOf(path) {
    try {
        return path === '' ? '' : (0,external_node_fs_.readFileSync)(path, 'utf8');
    }
    catch {
        return '';
    }
}
function facts_parse(text) {
    try {
        return JSON.parse(text);
    }
    catch {
        return undefined;
    }
}

;// CONCATENATED MODULE: ./.build/src/cache/name.js

/** Pure: a part of a name that every kind of cache takes. */
const name_plain = (text) => text.replaceAll(/[^A-Za-z0-9.-]+/g, '-');
/** `web-prod-native`: a folder of this machine, which knows what is native. */
const localName = ({ name, target, platform, cache: { scope } }) => name_plain(`${scope === undefined ? '' : `${scope}-`}${name}-${target ?? 'default'}-${platform}`);
/** `web-prod-linux-amd64` */
const name_nameOf = (wish, { native }) => localName({ ...wish, platform: wish.platform === 'native' ? native : wish.platform });
/** The tag of a cache in a repository, `acme/web:buildcache-…`, or behind a tag that is there. */
const tagBeside = (repository, name) => /:[^/]+$/.test(repository) ? `${repository}-${tagOf(name)}` : `${repository}:${tagOf(`buildcache-${name}`)}`;
/** At most 128 characters (OCI distribution-spec, "Pulling manifests"): the end of a longer one is told by a hash. */
function tagOf(text) {
    const tag = name_plain(text).replace(/^[.-]+/, '');
    if (tag.length <= 100)
        return tag;
    return `${tag.slice(0, 91)}-${(0,external_node_crypto_.createHash)('sha256').update(text).digest('hex').slice(0, 8)}`;
}

;// CONCATENATED MODULE: ./.build/src/cache/given.js



/**
 * Pure: caches in the user's own words, less those that are not to be had here. Where several builds of the run are told
 * to write to one place, each has its own beside it: an index holds what was written last, and nothing else.
 */
function planGiven(wish, { from, to, of }, facts) {
    const name = name_nameOf(wish, facts);
    const isShared = (item) => wish.shared.includes(placeOf(item) ?? '');
    const [unread, unwritten] = [whyNotRead(facts), whyNotWritten(facts)];
    const read = unread === undefined ? from : from.filter(item => !isGha(item));
    const written = unwritten === undefined ? to : to.filter(item => !isGha(item));
    const shared = [...new Set(written.filter(isShared).map(item => placeOf(item)))];
    const why = [
        `cache-from and cache-to ${of}`,
        ...(read.length < from.length ? [`no gha: ${unread}`] : []),
        ...(written.length < to.length && unwritten !== unread ? [`gha is only read, since ${unwritten}`] : []),
        ...(shared.length > 0 ? [`several builds write to ${shared.join(', ')}, so each has a name of its own there`] : []),
    ].join('; ');
    return {
        // What was written there before serves as well.
        from: read.flatMap(item => (isShared(item) ? [besideOthers(item, name), item] : [item])),
        to: written.filter(item => !isInline(item)).map(item => (isShared(item) ? besideOthers(item, name) : item)),
        inline: written.some(isInline),
        why,
    };
}
function whyNotRead({ reaches, actions }) {
    if (!reaches)
        return 'the builder is elsewhere, and keeps its own layers';
    return 'none' in actions ? actions.none : undefined;
}
const whyNotWritten = (facts) => whyNotRead(facts) ?? ('writes' in facts.actions && !facts.actions.writes ? 'this job may only read it' : undefined);
/** A reference alone is a registry (docker/buildx, docs/reference/buildx_build.md, "--cache-to"). */
const attributesIn = (item) => (0,schema_csv/* attributesOf */.Td)(item) ?? { type: 'registry', ref: item };
const typeOf = (item) => attributesIn(item).type ?? '';
const isGha = (item) => typeOf(item) === 'gha';
const isInline = (item) => typeOf(item) === 'inline';
const behind = (name, own) => (name === undefined ? own : `${name}-${own}`);
const kinds = {
    gha: { place: ['scope'], usual: 'buildkit', beside: behind },
    registry: { place: ['ref'], beside: (ref = '', own) => tagBeside(ref, own) },
    s3: { place: ['bucket', 'prefix', 'name'], usual: 'buildkit', beside: behind },
    azblob: { place: ['account_url', 'container', 'prefix', 'name'], usual: 'buildkit', beside: behind },
    local: { place: ['dest'], beside: (dest = '', own) => (0,external_node_path_.join)(dest, own) },
};
/** Pure: where a cache is, the same whatever else is said of it: `gha buildkit`; undefined where it is in the image. */
function placeOf(item) {
    const { type = '', ...attributes } = withDest(attributesIn(item));
    const { place, usual } = kinds[type] ?? {};
    if (place === undefined)
        return undefined;
    return [
        type,
        ...place.flatMap((name, at) => attributes[name] ?? (at === place.length - 1 ? (usual ?? []) : [])),
    ].join(' ');
}
/** Pure: a cache in a place of its own beside what several write; all else that is said of it stays. */
function besideOthers(item, own) {
    const attributes = attributesIn(item);
    const { place = [], beside = behind } = kinds[attributes.type ?? ''] ?? {};
    const last = place.at(-1) ?? '';
    const name = last === 'dest' && attributes.dest === undefined ? 'src' : last;
    return Object.entries({ ...attributes, [name]: beside(attributes[name], own) })
        .map(([key, value]) => (0,schema_csv/* fieldOf */._F)(`${key}=${value}`))
        .join(',');
}
/** A folder is `src` where it is read. */
const withDest = ({ src, ...attributes }) => src === undefined ? attributes : { dest: src, ...attributes };

// EXTERNAL MODULE: ./.build/src/aws/registry-host.js
var registry_host = __webpack_require__(84529);
;// CONCATENATED MODULE: ./.build/src/cache/places.js




/** Pure: what a cache of a type reads and writes. @throws UserError where it lacks a place */
const places = {
    // GitHub itself keeps the branches apart, and says which of them a job may read (claim `ac` of its token).
    gha(wish, facts) {
        const item = `type=gha,scope=${name_nameOf(wish, facts)}`;
        return { from: [item], to: [`${item},mode=${wish.cache.mode}`] };
    },
    registry(wish, facts) {
        const at = (branch) => `type=registry,ref=${cacheReference(wish, name_nameOf(wish, facts), branch)}`;
        return onBranches(facts, at, `image-manifest=true,oci-mediatypes=true,mode=${wish.cache.mode}`);
    },
    s3(wish, facts) {
        const { bucket, region, prefix, endpoint, mode } = wish.cache;
        const where = [
            `type=s3,bucket=${bucket},region=${region}`,
            ...(prefix === undefined ? [] : [`prefix=${prefix}`]),
            ...(endpoint === undefined ? [] : [`endpoint_url=${endpoint},use_path_style=true`]),
        ].join(',');
        return onBranches(facts, branch => `${where},name=${name_nameOf(wish, facts)}-${name_plain(branch)}`, `mode=${mode}`);
    },
    azblob(wish, facts) {
        const { account, container, prefix, mode } = wish.cache;
        const where = `type=azblob,account_url=${account},container=${container}${prefix === undefined ? '' : `,prefix=${prefix}`}`;
        return onBranches(facts, branch => `${where},name=${name_nameOf(wish, facts)}-${name_plain(branch)}`, `mode=${mode}`);
    },
    local(wish, facts) {
        const folders = localBranches(facts).map(branch => (0,external_node_path_.join)(facts.folder, localName(wish) + (branch === undefined ? '' : `@${name_plain(branch)}`)));
        return { folders, folder: folders[0] };
    },
    inline(wish, { branches }) {
        const { ref } = wish.cache;
        const repositories = ref === undefined ? wish.repositories : [ref];
        const tags = places_namesOf(branches).map(tagOf);
        return { from: repositories.flatMap(one => tags.map(tag => `type=registry,ref=${one}:${tag}`)), inline: true };
    },
};
/** `at` names the cache of a branch; `how` it is written. */
function onBranches({ branches }, at, how) {
    const from = places_namesOf(branches).map(at);
    return { from, to: from.slice(0, 1).map(item => `${item},${how}`) };
}
/** Own, base, default, each once; `main` where nobody says. */
const places_namesOf = ({ own, base, usual }) => {
    const names = [own, base, usual].filter(name => name !== undefined);
    return names.length === 0 ? ['main'] : [...new Set(names)];
};
/**
 * A folder has one name on a laptop and on the default branch; elsewhere it bears the branch, so that a pull request
 * does not write what the default branch reads.
 */
function localBranches({ host, branches: { own, base, usual } }) {
    if (host === 'laptop')
        return [undefined];
    const names = [own, base, undefined].map(name => (name === usual ? undefined : name));
    return [...new Set(own === undefined ? [undefined] : names)];
}
/** A tag beside the image, or in a repository of its own. */
function cacheReference({ cache: { ref }, repositories }, name, branch) {
    const repository = ref ?? repositories.find(isEcr) ?? repositories[0];
    if (repository === undefined)
        throw new errors/* UserError */.yo('cache.ref: a registry cache needs a repository, or registries to push to\nName one: cache: { type: registry, ref: ghcr.io/acme/web-cache }');
    return tagBeside(repository, `${name}-${branch}`);
}
const isEcr = (repository) => (0,registry_host/* parseRegistryHost */.T)(repository.split('/', 1)[0] ?? '').kind === 'ecr';

;// CONCATENATED MODULE: ./.build/src/cache/plan.js


/**
 * Pure: which caches a build reads and writes. What the configuration says wins over the bake file, and that over what
 * suits the machine. One for each image, target and platform, since an index holds what was written last; read from the
 * own branch, then the base, then the default branch, written to the own alone.
 * @throws UserError where a type was asked for that lacks a place
 */
function planCache(wish, facts) {
    const { cache, named, linked = false } = wish;
    const { 'cache-from': from, 'cache-to': to } = cache;
    const inFile = isAuto(cache) && named !== undefined ? givenPlan(wish, { ...named, of: 'of the bake files' }, facts) : undefined;
    if (inFile?.type === 'given')
        return inFile;
    if (linked)
        return nothing('');
    if (from !== undefined || to !== undefined)
        return givenPlan(wish, { from: from ?? [], to: to ?? [], of: 'as they are given' }, facts);
    const plan = planChosen(wish, facts);
    if (inFile !== undefined)
        return { ...plan, why: `${inFile.why}; ${plan.why}` };
    return named === undefined ? plan : { ...plan, why: `${plan.why}; not what the bake files name` };
}
/** True where nothing is asked of caches but what comes by itself. */
const isAuto = ({ type, path, 'cache-from': from, 'cache-to': to }) => type === 'auto' && path === undefined && from === undefined && to === undefined;
function givenPlan(wish, given, facts) {
    const plan = planGiven(wish, given, facts);
    const isEmpty = plan.from.length === 0 && plan.to.length === 0 && !plan.inline;
    return { ...empty, ...plan, type: isEmpty ? 'none' : 'given' };
}
/** What the configuration asks for by its type, or what suits the machine. */
function planChosen(wish, facts) {
    const { type, why } = chooseType(wish, facts);
    if (type === 'gha' && !facts.reaches)
        return nothing('no cache: the builder is elsewhere, and keeps its own layers');
    if (type === 'gha' && 'none' in facts.actions)
        return nothing(`no cache: ${facts.actions.none}`);
    if (type === 'none')
        return nothing(`no cache: ${why}`);
    const plan = { ...empty, ...places[type](wish, facts), type };
    const closed = plan_whyNotWritten(type, facts);
    return {
        ...plan,
        ...(closed === undefined ? {} : { to: [], folder: undefined, inline: false }),
        why: `${type} cache: ${why}${closed === undefined ? '' : `; only read, since ${closed}`}`,
    };
}
const empty = { from: [], to: [], folders: [], folder: undefined, inline: false };
const nothing = (why) => ({ ...empty, type: 'none', why });
function chooseType({ cache, repositories }, { host, actions, inAws }) {
    const { type } = cache;
    if (type === 'none')
        return { type, why: 'turned off' };
    if (type === 'local' && cache.path === undefined && host !== 'laptop')
        return { type: 'none', why: 'a local cache needs a path here that outlives the job: cache: { path: … }' };
    if (type !== 'auto')
        return { type, why: 'as configured' };
    if (cache.path !== undefined)
        return { type: 'local', why: 'a path is named' };
    if (host === 'laptop')
        return { type: 'local', why: "this machine keeps the user's cache folder" };
    if (host === 'github-hosted' && 'none' in actions)
        return { type: 'none', why: actions.none };
    if (host === 'github-hosted')
        return { type: 'gha', why: 'this runner is hosted by GitHub, near to its cache' };
    if (inAws && repositories.some(isEcr))
        return { type: 'registry', why: 'this runner is in AWS, beside an ECR registry' };
    return {
        type: 'none',
        why: 'nothing is known of this runner that outlives a job; name a place with cache: { type: … }',
    };
}
function plan_whyNotWritten(type, { actions, tag }) {
    if (type === 'gha' && 'writes' in actions && !actions.writes)
        return 'this job may only read it';
    return tag && type !== 'inline' ? 'no other run reads the cache of a tag' : undefined;
}

;// CONCATENATED MODULE: ./.build/src/cache/reach.js

/** ms that the host of a cache has for any answer */
const patience = 10_000;
/**
 * The caches whose host answers at all, and a notice for each host that does not. BuildKit waits for one that is silent
 * without end, and the whole builder with it; one that refuses it passes over. What gha reads goes over the relay.
 */
async function onlyAnswering(from, { env, limit = patience }) {
    // Behind a proxy BuildKit's way may be another than ours.
    if (Object.keys(env).some(name => /^https?_proxy$/i.test(name) && env[name]))
        return { from, notices: [] };
    const hosts = [...new Set(from.flatMap(item => hostOf(item) ?? []))];
    const silent = new Set((await Promise.all(hosts.map(host => isSilent(host, limit)))).flatMap((is, at) => (is ? hosts[at] : [])));
    return {
        from: from.filter(item => !silent.has(hostOf(item))),
        notices: [...silent].map(host => `nothing was read from ${host}: it did not answer within ${limit / 1000} s`),
    };
}
/** The address of a cache's service: `https://ghcr.io`. */
function hostOf(item) {
    const { type, ref = '', bucket, region, endpoint_url: endpoint, account_url: account } = (0,schema_csv/* attributesOf */.Td)(item) ?? {};
    if (type === 's3')
        return endpoint ?? `https://${bucket}.s3.${region}.amazonaws.com`;
    if (type === 'azblob')
        return account;
    if (type !== undefined && type !== 'registry')
        return undefined;
    const [host = ''] = (type === undefined ? item : ref).split('/', 1);
    // A name without a host is of Docker Hub, as are base images: what is silent there ends the build by another way.
    if (!/[.:]/.test(host))
        return undefined;
    return `${/^(127\.|localhost|\[::1\])/.test(host) ? 'http' : 'https'}://${host}`;
}
async function isSilent(host, limit) {
    try {
        await fetch(new URL('/v2/', host), { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(limit) });
        return false;
    }
    catch (error) {
        return error.name === 'TimeoutError';
    }
}

// EXTERNAL MODULE: external "node:events"
var external_node_events_ = __webpack_require__(78474);
// EXTERNAL MODULE: external "node:http"
var external_node_http_ = __webpack_require__(37067);
// EXTERNAL MODULE: external "node:stream/consumers"
var consumers_ = __webpack_require__(38321);
// EXTERNAL MODULE: external "node:timers/promises"
var external_node_timers_promises_ = __webpack_require__(58500);
// EXTERNAL MODULE: external "node:stream/promises"
var external_node_stream_promises_ = __webpack_require__(46466);
// EXTERNAL MODULE: external "node:https"
var external_node_https_ = __webpack_require__(44708);
// EXTERNAL MODULE: external "node:stream"
var external_node_stream_ = __webpack_require__(57075);
;// CONCATENATED MODULE: ./.build/src/cache/relay-send.js




/** Sends a request on, its body as it flows; gives the answer. @throws what the network says, or that it was silent */
async function sendOn({ target, method, body, headers, silence, agent, sent }, incoming) {
    const { promise, resolve, reject } = Promise.withResolvers();
    const outward = (target.protocol === 'https:' ? external_node_https_.request : external_node_http_.request)(target, {
        method: method ?? incoming.method,
        headers,
        ...(agent && { agent }),
        // Of the socket: silence in either direction.
        timeout: silence,
    });
    outward.on('timeout', () => outward.destroy(new SilentError(`no byte within ${silence / 1000} s`)));
    outward.on('response', resolve).on('error', reject);
    // An answer that is none, such as 101, ends the connection without an error.
    outward.on('close', () => reject(new Error('it gave no answer')));
    const content = body === undefined ? incoming : external_node_stream_.Readable.from([Buffer.from(body)]);
    await Promise.race([(0,external_node_stream_promises_.pipeline)(content, counted(sent), outward).then(() => promise), promise]);
    return promise;
}
/** Nothing came for as long as it may. */
class SilentError extends Error {
}
/** Lets everything through, and tells how many bytes each piece has. */
const counted = (count) => new external_node_stream_.Transform({
    transform(chunk, _, done) {
        count(chunk.length);
        done(undefined, chunk);
    },
});

;// CONCATENATED MODULE: ./.build/src/cache/relay-blob.js



/**
 * Passes one request for a blob on to the storage, both bodies as they flow. One that can't be read is said not to be
 * there: a client of Azure would ask ten times, 10 s and more apart, and the build would wait for all of them.
 */
async function relayBlob(blob, incoming, outgoing) {
    const reads = incoming.method !== 'PUT';
    try {
        const answer = reads ? await read(blob, incoming) : await send(blob, incoming);
        const { statusCode: status = 502, headers } = answer;
        if (status >= 400)
            blob.tally.troubles.add(`its storage answered ${status}`);
        // A signed URL that has ended goes back as it is: the client asks for another one, once.
        if (reads && status >= 400 && status !== 403) {
            answer.resume();
            return void outgoing.writeHead(404, relay_blob_absent).end();
        }
        outgoing.writeHead(status, headers);
        const counter = counted(bytes => {
            if (reads)
                blob.tally.received += bytes;
        });
        await (0,external_node_stream_promises_.pipeline)(answer, counter, outgoing);
    }
    catch (error) {
        blob.tally.troubles.add(`its storage broke off: ${error.message}`);
        if (outgoing.headersSent)
            outgoing.destroy();
        else
            outgoing.writeHead(reads ? 404 : 503, relay_blob_absent).end();
    }
}
/** A layer that can't be read costs a whole build anew, so a busy storage is asked again: 1 s later, and 2 s later. */
async function read(blob, incoming) {
    for (const seconds of [1, 2]) {
        const answer = await send(blob, incoming);
        if ((answer.statusCode ?? 502) < 500)
            return answer;
        answer.resume();
        await (0,external_node_timers_promises_.setTimeout)(seconds * 1000);
    }
    return send(blob, incoming);
}
const relay_blob_absent = { 'content-length': 0, 'x-ms-error-code': 'BlobNotFound', 'x-ms-request-id': 'relay' };
async function send({ url, query, tally, patience }, incoming) {
    const target = new URL(url);
    for (const [name, value] of new URLSearchParams(query))
        target.searchParams.append(name, value);
    const sent = (bytes) => {
        tally.sent += bytes;
    };
    return sendOn({ target, headers: headersOf(incoming), silence: patience.silence, sent }, incoming);
}
/** The headers that are about the blob; those about this connection stay. */
const headersOf = ({ headers }) => Object.fromEntries(Object.entries(headers).filter(([name]) => /^(x-ms-|content-|range$|if-|accept)/.test(name)));

;// CONCATENATED MODULE: ./.build/src/cache/tally.js
const createTally = () => ({
    ...{ received: 0, sent: 0, entries: 0 },
    found: new Set(),
    missed: new Set(),
    written: new Set(),
    troubles: new Set(),
});

;// CONCATENATED MODULE: ./.build/src/cache/trouble.js
/** Pure: what an answer of the cache service says is wrong, in words; undefined when nothing is. */
function troubleIn({ status, body }) {
    const { msg, message, ok } = Object(body);
    const words = String([msg, message].find(one => typeof one === 'string') ?? '');
    if (status === 429)
        return 'it takes no more requests for now (429)';
    if (/insufficient usage/i.test(words))
        return 'the storage of the cache is full';
    if (/^cache write denied/i.test(words))
        return 'this job may only read it';
    if (/^cache read denied/i.test(words))
        return 'this job may not read it';
    if (status === 401)
        return 'it does not take the token of this job (401)';
    // Another job made the same entry meanwhile; that is no trouble.
    if (status === 409)
        return undefined;
    if (status >= 400)
        return `it answered ${status}${words === '' ? '' : `: ${words}`}`;
    return ok === false && words !== '' ? words : undefined;
}

;// CONCATENATED MODULE: ./.build/src/cache/relay.js









const usual = { call: 10_000, silence: 30_000, pause: 60_000 };
/**
 * Passes BuildKit's calls on to GitHub, with an end to each of them. A lookup that can't be answered is a miss.
 *
 * BuildKit by itself waits without end: one stalled lookup stops the scheduler of the whole daemon, every other build
 * with it, and outlives a cancel of its own build (seen with 0.32.2: solver/llbsolver, lazyCacheManager). Passing the
 * calls on also keeps the job's token in this process, and tells in plain words what went wrong.
 */
async function openRelay(right, patience = usual) {
    const service = { right, patience, callers: new Map(), blobs: new Map(), downUntil: 0 };
    const server = (0,external_node_http_.createServer)((incoming, outgoing) => {
        answer(service, originOf(), { incoming, outgoing }).catch(() => outgoing.destroy());
    });
    // A layer may take as long as it likes, while it moves.
    server.requestTimeout = 0;
    server.listen(0, '127.0.0.1');
    await (0,external_node_events_.once)(server, 'listening');
    const originOf = () => `http://127.0.0.1:${server.address().port}`;
    // It lives as long as the process, and keeps it from no end.
    server.unref();
    return {
        enter(tally = createTally()) {
            const token = standInFor(right);
            service.callers.set(`Bearer ${token}`, tally);
            const env = {
                ACTIONS_RUNTIME_TOKEN: token,
                ACTIONS_RESULTS_URL: `${originOf()}/`,
                ACTIONS_CACHE_URL: `${originOf()}/`,
                ACTIONS_CACHE_SERVICE_V2: 'true',
            };
            return { env, tally };
        },
        async [Symbol.asyncDispose]() {
            server.close();
            server.closeAllConnections();
            await (0,external_node_events_.once)(server, 'close');
        },
    };
}
const twirp = '/twirp/github.actions.results.api.v1.CacheService/';
async function answer(service, origin, { incoming, outgoing }) {
    const [path = '', query = ''] = (incoming.url ?? '/').split('?', 2);
    if (!path.startsWith(twirp)) {
        const blob = service.blobs.get(path);
        if (blob === undefined)
            return reply(outgoing, { status: 404, body: {} });
        return relayBlob({ ...blob, query, patience: service.patience }, incoming, outgoing);
    }
    const tally = service.callers.get(incoming.headers.authorization ?? '');
    if (tally === undefined)
        return reply(outgoing, unknown);
    const request = { call: path.slice(twirp.length), body: await (0,consumers_.buffer)(incoming), tally };
    const heard = await relay_ask(service, request);
    reply(outgoing, { ...heard, body: withOwnUrls(heard.body, { origin, tally, blobs: service.blobs }) });
}
const miss = { status: 200, body: { ok: false } };
const unknown = { status: 401, body: { code: 'unauthenticated', msg: 'another token' } };
/** One call. A lookup is always answered: with what was found, or as if nothing was. */
async function relay_ask(service, request) {
    const isLookup = request.call === 'GetCacheEntryDownloadURL';
    const heard = isLookup ? await lookUp(service, request) : await relay_send(service, request);
    const trouble = heard === unavailable ? undefined : troubleIn(heard);
    if (trouble !== undefined)
        request.tally.troubles.add(trouble);
    note(request, heard);
    return isLookup && heard.status !== 200 ? miss : heard;
}
/** Again, while the service asks for waits that are short. For an upload BuildKit waits by itself. */
async function lookUp(service, request) {
    const end = Date.now() + service.patience.call;
    for (;;) {
        const heard = await relay_send(service, request);
        const seconds = heard.status === 429 ? Number(heard.retryAfter ?? Number.NaN) : Number.NaN;
        // At least a second: one that says 0 would be asked hundreds of times.
        const pause = Math.max(1, seconds) * 1000;
        if (!(Date.now() + pause < end))
            return heard;
        await (0,external_node_timers_promises_.setTimeout)(pause);
    }
}
async function relay_send(service, { call, body, tally }) {
    const { right, patience } = service;
    if (Date.now() < service.downUntil) {
        tally.troubles.add('it did not answer a moment ago');
        return unavailable;
    }
    try {
        const answer = await fetch(new URL(twirp + call, right.url), {
            method: 'POST',
            headers: { authorization: `Bearer ${right.token}`, 'content-type': 'application/json' },
            body,
            signal: AbortSignal.timeout(patience.call),
        });
        const retryAfter = answer.headers.get('retry-after') ?? undefined;
        return { status: answer.status, body: await answer.json(), retryAfter };
    }
    catch (error) {
        // Not asked again for a while: each of hundreds of layers would wait anew.
        service.downUntil = Date.now() + patience.pause;
        tally.troubles.add(whyNot(error, patience));
        return unavailable;
    }
}
const unavailable = { status: 503, body: { code: 'unavailable', msg: 'the cache service does not answer' } };
const whyNot = (error, { call }) => {
    const { name, cause, message } = error;
    if (name === 'TimeoutError')
        return `it did not answer within ${call / 1000} s`;
    if (name === 'SyntaxError')
        return 'its answer is not JSON';
    return `it can't be reached: ${cause?.message ?? message}`;
};
function note({ call, body, tally }, heard) {
    const done = Object(heard.body).ok === true;
    const [, key = ''] = /"key":"([^"]*)"/.exec(body.toString('utf8')) ?? [];
    // How BuildKit names an index (cache/remotecache/gha, indexKey); with a number behind it, it is to be written.
    const [, scope, generation] = /^index-(.+)-1-[0-9a-f]{8}(#.*)?$/.exec(key) ?? [];
    if (call === 'FinalizeCacheEntryUpload' && done) {
        tally.entries += 1;
        if (scope !== undefined)
            tally.written.add(scope);
    }
    if (call !== 'GetCacheEntryDownloadURL' || scope === undefined || generation !== undefined)
        return;
    if (done)
        tally.found.add(scope);
    else
        tally.missed.add(scope);
}
/** The signed URLs of an answer by ways through this process. */
function withOwnUrls(body, { origin, tally, blobs }) {
    const entries = Object.entries(Object(body)).map(([name, value]) => {
        if (!/^signed_(up|down)load_url$/.test(name) || typeof value !== 'string' || value === '')
            return [name, value];
        const path = `/blobs/${(0,external_node_crypto_.randomBytes)(24).toString('base64url')}/blob`;
        blobs.set(path, { url: value, tally });
        return [name, origin + path];
    });
    return Object.fromEntries(entries);
}
function reply(outgoing, { status, body, retryAfter }) {
    const text = JSON.stringify(body);
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
    outgoing.writeHead(status, { ...headers, ...(retryAfter === undefined ? {} : { 'retry-after': retryAfter }) });
    outgoing.end(text);
}

// EXTERNAL MODULE: ./.build/src/aws/advice.js
var advice = __webpack_require__(61561);
// EXTERNAL MODULE: ./.build/src/aws/client.js
var aws_client = __webpack_require__(82474);
// EXTERNAL MODULE: ./.build/src/aws/failure.js
var aws_failure = __webpack_require__(59239);
// EXTERNAL MODULE: ./.build/src/aws/identity.js + 3 modules
var identity = __webpack_require__(82053);
;// CONCATENATED MODULE: ./.build/src/aws/machine-keys.js




/**
 * The credentials of the machine: those of the environment, else by the SDK's own chain; a text with what to do where
 * there are none.
 */
async function machineKeys(region, env) {
    const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: token } = env;
    if (accessKeyId && secretAccessKey) {
        const keys = { accessKeyId, secretAccessKey, ...(token ? { sessionToken: token } : {}) };
        return async () => keys;
    }
    const { STSClient } = await Promise.all(/* import() */[__webpack_require__.e(422), __webpack_require__.e(279), __webpack_require__.e(118), __webpack_require__.e(861), __webpack_require__.e(695)]).then(__webpack_require__.t.bind(__webpack_require__, 71695, 19));
    const { credentials } = new STSClient(await (0,aws_client/* clientOptions */.s)({ service: 'STS', region }, env)).config;
    try {
        await credentials();
        return credentials;
    }
    catch (error) {
        const failure = (0,aws_failure/* failureOf */.g5)(error);
        return (0,aws_failure/* isWithoutKeys */.T2)(failure) ? ((0,identity/* hasAmbientKeys */.N)(env) ? (0,advice/* adviceOnMachine */.nj)(env) : none) : failure.message;
    }
}
const none = 'there are no AWS credentials here: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or give this machine a role.';

// EXTERNAL MODULE: ./.build/src/program/agents.js
var agents = __webpack_require__(83532);
;// CONCATENATED MODULE: ./.build/src/cache/azure-calls.js

const blob = { 'x-ms-blob-type': 'BlockBlob' };
/**
 * Pure: what BuildKit asks of S3 in the words of the Blob service ("Operations on block blobs", Azure Storage REST API).
 * An upload in parts is one of blocks; a copy of an object onto itself, which makes it new, is one of its metadata.
 */
function toAzure({ method, query, copies, body }) {
    const [id, part] = [query.get('uploadId') ?? '', query.get('partNumber')];
    if (method === 'GET' || method === 'HEAD')
        return { method, query: {}, headers: {} };
    if (copies)
        return {
            method: 'PUT',
            query: { comp: 'metadata' },
            headers: { 'x-ms-meta-updated': new Date().toISOString() },
            body: '',
            tells: xml('CopyObjectResult', '<ETag>"copy"</ETag>'),
        };
    if (method === 'POST' && query.has('uploads')) {
        const upload = (0,external_node_crypto_.randomBytes)(8).toString('hex');
        return { begun: xml('InitiateMultipartUploadResult', `<UploadId>${upload}</UploadId>`) };
    }
    if (method === 'PUT' && part !== null)
        return { method, query: { comp: 'block', blockid: blockId(id, part) }, headers: {}, tells: '' };
    if (method === 'POST')
        return {
            method: 'PUT',
            query: { comp: 'blocklist' },
            headers: {},
            body: blockList(id, body),
            tells: xml('CompleteMultipartUploadResult', '<ETag>"blocks"</ETag>'),
        };
    if (method === 'DELETE')
        return { begun: '' };
    return method === 'PUT' ? { method, query: {}, headers: blob, tells: '' } : undefined;
}
/** Those of one blob are all as long. */
const blockId = (upload, part) => Buffer.from(`${upload}-${part.padStart(5, '0')}`).toString('base64');
const blockList = (upload, body) => {
    const parts = [...body.matchAll(/<PartNumber>(\d+)<\/PartNumber>/g)].map(([, part = '']) => blockId(upload, part));
    return `<BlockList>${parts.map(id => `<Latest>${id}</Latest>`).join('')}</BlockList>`;
};
const xml = (name, content) => `<?xml version="1.0" encoding="UTF-8"?>\n<${name} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${content}</${name}>`;

;// CONCATENATED MODULE: ./.build/src/cache/azure-sign.js

const standard = [
    ...['content-encoding', 'content-language', 'content-length', 'content-md5', 'content-type', 'date'],
    ...['if-modified-since', 'if-match', 'if-none-match', 'if-unmodified-since', 'range'],
];
/** The value of `authorization` ("Authorize with Shared Key", Azure Storage REST API). */
function sharedKey({ method, target, headers, account, key }) {
    const values = standard.map(name => (name === 'content-length' && headers[name] === '0' ? '' : (headers[name] ?? '')));
    const own = Object.keys(headers)
        .filter(name => name.startsWith('x-ms-'))
        .sort()
        .map(name => `${name}:${headers[name]?.trim()}`);
    const query = [...target.searchParams].map(([name, value]) => `${name.toLowerCase()}:${value}`).sort();
    const text = [method, ...values, ...own, [`/${account}${target.pathname}`, ...query].join('\n')].join('\n');
    return `SharedKey ${account}:${(0,external_node_crypto_.createHmac)('sha256', Buffer.from(key, 'base64')).update(text).digest('base64')}`;
}

;// CONCATENATED MODULE: ./.build/src/cache/azure-trouble.js
/** Pure: what is wrong, in words; undefined where the blob is just not there ("Blob service error codes"). */
function troubleInAzure({ status, code, container }) {
    if (code === 'ContainerNotFound')
        return `there is no container ${container}`;
    if (status === 404)
        return undefined;
    if (status === 403 || status === 401)
        return `it does not let us in (${code || status}): AZURE_STORAGE_KEY must be a key of the account, or AZURE_STORAGE_SAS_TOKEN must not have ended and allow to read, create and write in ${container}`;
    if (status === 503 || status === 429)
        return `it takes no more requests for now (${status})`;
    return `it answered ${status}${code === '' ? '' : ` ${code}`}`;
}
/**
 * Pure: the same of BuildKit's own words where it signed in by itself (azure-sdk-for-go, azidentity): its environment is
 * the builder's, not that of this process.
 */
const azureAdvice = (said) => /DefaultAzureCredential|failed to acquire a token|ManagedIdentityCredential|EnvironmentCredential/.test(said)
    ? 'no identity of Azure in the builder: set AZURE_STORAGE_KEY or AZURE_STORAGE_SAS_TOKEN here, which a builder on this machine can do with, or give the builder one (a managed identity, or AZURE_TENANT_ID and AZURE_CLIENT_ID with AZURE_FEDERATED_TOKEN_FILE in its environment)'
    : undefined;

;// CONCATENATED MODULE: ./.build/src/cache/s3-sign.js

/**
 * The headers with which a request that was signed for this process goes on to S3 ("Authenticating requests", S3 API
 * reference). The hash of the body is as the client gave it: the body is on its way still.
 */
async function signedHeaders({ target, region, keys }, { method = 'GET', headers }) {
    const { SignatureV4 } = await Promise.all(/* import() */[__webpack_require__.e(422), __webpack_require__.e(118)]).then(__webpack_require__.t.bind(__webpack_require__, 75118, 19));
    const credentials = await keys();
    const signer = new SignatureV4({ credentials, region, service: 's3', sha256: Sha256, uriEscapePath: false });
    const signed = await signer.sign({
        method,
        protocol: target.protocol,
        hostname: target.hostname,
        path: target.pathname,
        query: Object.fromEntries(target.searchParams),
        headers: { ...s3_sign_headersOf(headers), host: target.host },
    });
    // It is no part of the signature, and without it the body would come in chunks, which S3 does not take.
    return { ...signed.headers, ...(headers['content-length'] && { 'content-length': headers['content-length'] }) };
}
/** The headers that are about the object; those about this connection, and the other signature, stay. */
const s3_sign_headersOf = (headers) => Object.fromEntries(Object.entries(headers).filter((entry) => typeof entry[1] === 'string' &&
    (/^(content-(type|md5|encoding)|range|if-.*|accept-encoding)$/.test(entry[0]) ||
        (entry[0].startsWith('x-amz-') && !/^x-amz-(date|security-token)$/.test(entry[0])))));
const s3_sign_bytesOf = (data) => {
    if (typeof data === 'string')
        return Buffer.from(data);
    return ArrayBuffer.isView(data) ? Buffer.from(data.buffer, data.byteOffset, data.byteLength) : Buffer.from(data);
};
/** Node's own hash, as the signer wants to be given one. */
class Sha256 {
    hash;
    constructor(key) {
        this.hash = key === undefined ? (0,external_node_crypto_.createHash)('sha256') : (0,external_node_crypto_.createHmac)('sha256', s3_sign_bytesOf(key));
    }
    update(data) {
        this.hash.update(s3_sign_bytesOf(data));
    }
    async digest() {
        return new Uint8Array(this.hash.digest());
    }
    reset() { }
}

;// CONCATENATED MODULE: ./.build/src/cache/s3-trouble.js
/** Pure: what is wrong, in words; undefined where the object is just not there (S3 API reference, "List of error codes"). */
function troubleInS3({ status, body, bucket }) {
    const code = /<Code>(\w+)<\/Code>/.exec(body)?.[1] ?? '';
    const message = /<Message>([^<]*)<\/Message>/.exec(body)?.[1] ?? '';
    if (code === 'NoSuchBucket')
        return `there is no bucket ${bucket}`;
    if (status === 404)
        return undefined;
    const known = words[code];
    if (known !== undefined)
        return `${known} (${code})`;
    // To who may not list a bucket, what is not there is denied.
    if (status === 403)
        return `it does not let us in (${code || 403}): the keys need s3:GetObject, s3:PutObject and s3:AbortMultipartUpload on the objects of ${bucket}, and s3:ListBucket on itself`;
    if (status === 301 || code === 'AuthorizationHeaderMalformed')
        return `the bucket ${bucket} is in another region than cache.region says`;
    if (status === 429 || code === 'SlowDown')
        return `it takes no more requests for now (${status})`;
    return `it answered ${status}${code === '' ? '' : ` ${code}`}${message === '' ? '' : `: ${message}`}`;
}
const words = {
    ExpiredToken: 'the AWS credentials have ended',
    InvalidAccessKeyId: 'it does not know the AWS credentials',
    InvalidToken: 'it does not know the AWS credentials',
    RequestTimeTooSkewed: "this machine's clock is wrong",
    SignatureDoesNotMatch: 'AWS_SECRET_ACCESS_KEY is not the secret of AWS_ACCESS_KEY_ID',
};

;// CONCATENATED MODULE: ./.build/src/cache/object-store.js







const agentOf = ({ protocol }, { http, https }) => (protocol === 'https:' ? https : http);
const isBelow = (address, rest) => new URL(`${address}/${rest}`).href.startsWith(new URL(`${address}/`).href);
/** Objects in S3: the request is signed anew. */
const s3Store = (place, keys) => ({
    admits(rest, { headers: { 'x-amz-copy-source': source } }) {
        const from = decodeURIComponent(String(source ?? `${place.bucket}/`)).replace(/^\//, '');
        return isBelow(place.address, rest) && from.startsWith(`${place.bucket}/`);
    },
    async send({ rest, incoming, silence, agents, sent }) {
        const target = new URL(`${place.address}/${rest}`);
        const headers = await signedHeaders({ target, region: place.region, keys }, incoming);
        return await sendOn({ target, headers, silence, agent: agentOf(target, agents), sent }, incoming);
    },
    troubleIn: refused => troubleInS3({ ...refused, bucket: place.bucket }),
});
/** Objects in Azure's Blob service: the request becomes another one. */
const azureStore = ({ account, container }, keys) => ({
    admits: rest => isBelow(`${account}/${container}`, rest),
    async send({ rest, incoming, silence, agents, sent }) {
        const [key = '', query = ''] = rest.split('?', 2);
        const { method = 'GET', headers } = incoming;
        const asked = { method, query: new URLSearchParams(query), copies: headers['x-amz-copy-source'] !== undefined };
        const isEnd = method === 'POST' && asked.query.has('uploadId');
        const other = toAzure({ ...asked, body: isEnd ? await (0,consumers_.text)(incoming) : '' });
        if (other === undefined || 'begun' in other)
            return { tells: other?.begun ?? '', sent: false };
        const target = new URL(`${account}/${container}/${key}`);
        for (const [name, value] of Object.entries(other.query))
            target.searchParams.set(name, value);
        const own = azureHeaders(headers, other);
        const authorization = keys.key && sharedKey({ ...other, target, headers: own, account: object_store_nameOf(account), key: keys.key });
        // A signature that is shared is part of the address; it signs no request.
        if (!authorization)
            for (const [name, value] of new URLSearchParams(keys.sas))
                target.searchParams.set(name, value);
        const onward = { target, method: other.method, body: other.body, silence, agent: agentOf(target, agents), sent };
        const heard = await sendOn({ ...onward, headers: { ...own, ...(authorization && { authorization }) } }, incoming);
        if (other.tells === undefined || (heard.statusCode ?? 502) >= 400)
            return heard;
        heard.resume();
        return { tells: other.tells, sent: true };
    },
    troubleIn: ({ status }, { 'x-ms-error-code': code = '' }) => troubleInAzure({ status, code: String(code), container }),
});
/** Of what came only what is about the object, with what every request to Azure has. */
function azureHeaders({ range, 'content-length': length }, { headers, body }) {
    const size = body === undefined ? length : String(Buffer.byteLength(body));
    return {
        'x-ms-date': new Date().toUTCString(),
        'x-ms-version': '2024-11-04',
        ...(range && { range }),
        ...(size && { 'content-length': size }),
        ...headers,
    };
}
/** The host's first part (`https://acme.blob.core.windows.net`), else the path's (`http://127.0.0.1:10000/acme`). */
function object_store_nameOf(account) {
    const { hostname, pathname } = new URL(account);
    return pathname.length > 1 ? (pathname.split('/')[1] ?? '') : (hostname.split('.', 1)[0] ?? '');
}

;// CONCATENATED MODULE: ./.build/src/cache/relay-s3.js







const relay_s3_usual = { call: 10_000, silence: 30_000, pause: 60_000 };
/**
 * Passes BuildKit's requests on to S3, with an end to each of them, signed with the keys of this machine: BuildKit has
 * others, which are of no use elsewhere. What can't be read is said not to be there.
 *
 * BuildKit by itself waits without end: one lookup without an answer stops the whole daemon, and outlives a cancel of its
 * own build, as with GitHub's cache (seen with 0.32.2).
 */
async function openS3Relay(agents, patience = relay_s3_usual) {
    const service = { agents, patience, callers: new Map(), stores: [], downUntil: 0 };
    const server = (0,external_node_http_.createServer)((incoming, outgoing) => {
        relay_s3_answer(service, incoming, outgoing).catch(() => outgoing.destroy());
    });
    // A layer may take as long as it likes, while it moves.
    server.requestTimeout = 0;
    server.listen(0, '127.0.0.1');
    await (0,external_node_events_.once)(server, 'listening');
    const { port } = server.address();
    // It lives as long as the process, and keeps it from no end.
    server.unref();
    return {
        enter(tally) {
            const id = `ASIA${(0,external_node_crypto_.randomBytes)(24).toString('hex').toUpperCase()}`;
            service.callers.set(id, tally);
            return {
                env: { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: (0,external_node_crypto_.randomBytes)(24).toString('hex') },
                endpointOf: store => `http://127.0.0.1:${port}/${service.stores.push(store) - 1}`,
            };
        },
        async [Symbol.asyncDispose]() {
            server.close();
            server.closeAllConnections();
            await (0,external_node_events_.once)(server, 'close');
        },
    };
}
async function relay_s3_answer(service, incoming, outgoing) {
    const [, id = ''] = / Credential=([^/]+)\//.exec(incoming.headers.authorization ?? '') ?? [];
    const tally = service.callers.get(id);
    if (tally === undefined)
        return refuse(outgoing, 403, 'InvalidAccessKeyId');
    const [, number = '', rest = ''] = /^\/(\d+)\/[^/]+\/(.+)$/.exec(incoming.url ?? '') ?? [];
    const store = service.stores[Number(number)];
    if (number === '' || store === undefined)
        return refuse(outgoing, 404, 'NoSuchBucket');
    if (!store.admits(rest, incoming))
        return refuse(outgoing, 403, 'AccessDenied');
    const index = /\/manifests\/([^/?]+)(?:\?|$)/.exec(`/${rest}`)?.[1];
    await pass(service, { store, rest, tally, index }, { incoming, outgoing });
}
async function pass(service, call, { incoming, outgoing }) {
    const { tally } = call;
    const reads = incoming.method === 'GET';
    try {
        const heard = await (reads ? relay_s3_ask(service, call, incoming) : relay_s3_send(service, call, incoming));
        if ('tells' in heard) {
            if (heard.sent)
                relay_s3_note(call, incoming);
            return void outgoing.writeHead(200, { 'content-type': 'application/xml', etag: '"sent"' }).end(heard.tells);
        }
        const { statusCode: status = 502, headers } = heard;
        if (status >= 400)
            return await passRefusal(call, heard, { incoming, outgoing });
        relay_s3_note(call, incoming);
        outgoing.writeHead(status, headers);
        const counter = counted(bytes => {
            if (reads)
                tally.received += bytes;
        });
        await (0,external_node_stream_promises_.pipeline)(heard, counter, outgoing);
    }
    catch (error) {
        tally.troubles.add(relay_s3_whyNot(service, error));
        if (outgoing.headersSent)
            outgoing.destroy();
        else if (reads)
            refuse(outgoing, 404, 'NoSuchKey');
        else
            refuse(outgoing, 503, 'ServiceUnavailable');
    }
}
/** What can't be read is not there: BuildKit would ask for it again and again, and the build would wait. */
async function passRefusal(call, heard, { incoming, outgoing }) {
    const { statusCode: status = 502, headers } = heard;
    const body = await (0,consumers_.text)(heard);
    const trouble = call.store.troubleIn({ status, body }, headers);
    if (trouble !== undefined)
        call.tally.troubles.add(trouble);
    if (incoming.method !== 'GET')
        return void outgoing.writeHead(status, headers).end(body);
    if (call.index !== undefined && trouble === undefined)
        call.tally.missed.add(call.index);
    refuse(outgoing, 404, 'NoSuchKey');
}
/** A layer that can't be read costs a whole build anew, so a busy service is asked again: 1 s later, and 2 s later. */
async function relay_s3_ask(service, call, incoming) {
    for (const seconds of [1, 2]) {
        const heard = await relay_s3_send(service, call, incoming);
        if ('tells' in heard || (heard.statusCode ?? 502) < 500)
            return heard;
        heard.resume();
        await (0,external_node_timers_promises_.setTimeout)(seconds * 1000);
    }
    return await relay_s3_send(service, call, incoming);
}
async function relay_s3_send(service, call, incoming) {
    const { agents, patience } = service;
    const { store, rest, tally, index } = call;
    if (Date.now() < service.downUntil)
        throw new SilentError('it did not answer a moment ago');
    const sent = (bytes) => {
        tally.sent += bytes;
    };
    const isLookup = incoming.method === 'HEAD' || index !== undefined;
    const silence = isLookup ? patience.call : patience.silence;
    return await store.send({ rest, incoming, silence, agents, sent });
}
function relay_s3_whyNot(service, error) {
    const { message, code } = error;
    const isSilent = error instanceof SilentError;
    // Not asked again for a while: each of hundreds of layers would wait anew.
    if (isSilent && Date.now() >= service.downUntil)
        service.downUntil = Date.now() + service.patience.pause;
    return isSilent ? message : `it broke off: ${code ?? message}`;
}
/** A part is no entry yet, and a copy none that is new. */
function relay_s3_note({ tally, index, rest }, { method, headers }) {
    if (method === 'GET' && index !== undefined)
        tally.found.add(index);
    const isWhole = method === 'PUT' && !/[?&]partNumber=/.test(rest) && headers['x-amz-copy-source'] === undefined;
    if (!isWhole && !(method === 'POST' && /[?&]uploadId=/.test(rest)))
        return;
    tally.entries += 1;
    if (index !== undefined)
        tally.written.add(index);
}
function refuse(outgoing, status, code) {
    const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code></Error>`;
    outgoing.writeHead(status, { 'content-type': 'application/xml', 'content-length': Buffer.byteLength(body) }).end(body);
}

;// CONCATENATED MODULE: ./.build/src/cache/s3-place.js

/** Pure: the place that a value of `--cache-from` or `--cache-to` names; undefined where it names no whole one. */
function s3PlaceOf(item) {
    const { type, bucket, region, endpoint_url: endpoint, use_path_style: style } = (0,schema_csv/* attributesOf */.Td)(item) ?? {};
    if (type !== 's3' || !bucket || !region)
        return undefined;
    if (endpoint !== undefined && !URL.canParse(endpoint))
        return undefined;
    return { bucket, region, address: addressOf({ bucket, region, endpoint, byPath: style === 'true' }) };
}
/** "Virtual hosting of general purpose buckets", S3 user guide: a name with dots has no certificate. */
function addressOf({ bucket, region, endpoint, byPath }) {
    const base = endpoint ?? `https://s3.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
    const { protocol, host, pathname } = new URL(base);
    const path = pathname.replace(/\/$/, '');
    const isPath = endpoint === undefined ? bucket.includes('.') : byPath;
    return isPath ? `${protocol}//${host}${path}/${bucket}` : `${protocol}//${bucket}.${host}${path}`;
}

;// CONCATENATED MODULE: ./.build/src/cache/store-way.js






const isS3 = (item) => (0,schema_csv/* attributesOf */.Td)(item)?.type === 's3';
/**
 * By the relay where the builder is on this machine; elsewhere buildx gets the credentials of this one for s3, and for
 * azblob the builder signs in by itself.
 */
async function storeWayOf(items, { reaches, tally, scope }) {
    const same = { env: {}, through: (item) => item };
    const places = items.filter(isS3).map(s3PlaceOf);
    const [first] = places;
    if (places.length > 0 && (!reaches || first === undefined || places.includes(undefined)))
        return { ...same, env: awsOf(scope) };
    const azure = azureKeysOf(scope);
    const blobs = reaches && azure !== undefined ? items.filter(item => azurePlaceOf(item) !== undefined) : [];
    if (places.length === 0 && blobs.length === 0)
        return same;
    const keys = first && (await store_way_keysOf(scope, first.region));
    if (typeof keys === 'string')
        return { ...same, why: keys };
    const { env, endpointOf } = (await relayOf(scope)).enter(tally);
    return {
        env,
        through(item) {
            const [place, blob] = [s3PlaceOf(item), azurePlaceOf(item)];
            // Of an attribute that is there twice buildx takes the last one.
            if (place !== undefined && keys !== undefined)
                return `${item},${store_way_addressOf(endpointOf(s3Store(place, keys)))}`;
            if (blob === undefined || !blobs.includes(item) || azure === undefined)
                return item;
            return `${blob.asS3},${store_way_addressOf(endpointOf(azureStore(blob, azure)))}`;
        },
    };
}
const store_way_addressOf = (endpoint) => `endpoint_url=${endpoint},use_path_style=true`;
function azureKeysOf({ rights: { AZURE_STORAGE_KEY: key, AZURE_STORAGE_SAS_TOKEN: sas }, }) {
    if (key)
        return { key };
    return sas ? { sas: sas.replace(/^\?/, '') } : undefined;
}
/** A cache of type azblob, and the same as one of type s3: BuildKit gives the objects of both the same names. */
function azurePlaceOf(item) {
    const { type, account_url: account, container, prefix, name = 'buildkit', mode } = (0,schema_csv/* attributesOf */.Td)(item) ?? {};
    if (type !== 'azblob' || account === undefined || !container || !URL.canParse(account))
        return undefined;
    const folder = prefix?.replace(/\/+$/, '');
    const asS3 = [
        `type=s3,bucket=${container},region=azure,name=${name}`,
        ...(folder ? [`prefix=${folder}/`] : []),
        ...(mode === undefined ? [] : [`mode=${mode}`]),
    ];
    return { account: account.replace(/\/+$/, ''), container, asS3: asS3.join(',') };
}
/** One of each for a run: what was found out about the machine and the service serves every solve. */
const keys = new WeakMap();
const relays = new WeakMap();
function store_way_keysOf({ run, rights }, region) {
    const known = keys.get(run) ?? machineKeys(region, rights);
    keys.set(run, known);
    return known;
}
function relayOf({ run, rights }) {
    const known = relays.get(run) ?? openS3Relay((0,agents/* agentsOf */.e)(rights));
    relays.set(run, known);
    return known;
}
/** For s3 buildx itself resolves the credentials, in the SDK's order (docker/buildx, build/opt.go). */
const awsOf = ({ rights }) => Object.fromEntries(Object.entries(rights).filter(([name]) => /^AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|PROFILE|(DEFAULT_)?REGION|CONFIG_FILE|SHARED_CREDENTIALS_FILE|ROLE_ARN|ROLE_SESSION_NAME|WEB_IDENTITY_TOKEN_FILE|CONTAINER_\w+)$/.test(name)));

;// CONCATENATED MODULE: ./.build/src/cache/whole.js




const descriptorSchema = schemas/* looseObject */._H3({ mediaType: schemas/* string */.YjP().default(''), digest: record_image/* digestSchema */.er, size: schemas/* number */.aig() });
/** An index or a manifest of a cache: BuildKit writes either, with layers and its own configuration below. */
const listSchema = schemas/* looseObject */._H3({
    manifests: schemas/* array */.YOg(descriptorSchema).default([]),
    layers: schemas/* array */.YOg(descriptorSchema).default([]),
    config: descriptorSchema.optional(),
});
/**
 * What is wrong with a folder of layers (OCI image-layout): a blob that is not there, or has another size, as after a
 * full disk or a cleaned folder. Undefined where all is there. BuildKit itself finds out when it needs the layer, and
 * then fails the step.
 */
async function damageOf(folder) {
    try {
        return await damageIn(folder, listSchema.parse(JSON.parse(await (0,promises_.readFile)((0,external_node_path_.join)(folder, 'index.json'), 'utf8'))));
    }
    catch {
        return 'its index.json is not one';
    }
}
/** An index names manifests, and those name blobs: what goes deeper, or round in a circle, is none of BuildKit's. */
const deepest = 4;
async function damageIn(folder, { manifests, layers, config }, depth = 0) {
    const all = [...manifests, ...layers, ...(config === undefined ? [] : [config])];
    const found = await Promise.all(all.map(one => damageAt(folder, one, depth + 1)));
    return found.find(damage => damage !== undefined);
}
async function damageAt(folder, { mediaType, digest, size }, depth) {
    const path = (0,external_node_path_.join)(folder, 'blobs', ...digest.split(':'));
    const actual = await (0,promises_.stat)(path).then(file => file.size, () => undefined);
    if (actual === undefined)
        return `${digest} is not there`;
    if (actual !== size)
        return `${digest} has ${actual} bytes of ${size}`;
    if (!/\.(index|manifest|manifest\.list)\.v\d\+json$/.test(mediaType))
        return undefined;
    const list = listSchema.safeParse(parsed(await (0,promises_.readFile)(path, 'utf8')));
    return list.success && depth < deepest ? damageIn(folder, list.data, depth) : `${digest} is not what it was`;
}
function parsed(text) {
    try {
        return JSON.parse(text);
    }
    catch {
        return undefined;
    }
}

;// CONCATENATED MODULE: ./.build/src/cache/open.js













/**
 * `reaches`: whether the builder reaches this machine's loopback.
 * @throws UserError where a type was asked for that lacks a place
 */
async function openCache(wishes, reaches, scope) {
    const { context, rights } = scope;
    const [{ cache }] = wishes;
    const facts = await readCacheFacts(cache, { context, rights, reaches });
    const planned = wishes.map(wish => planCache(wish, facts));
    const tally = createTally();
    const store = await storeWayOf(planned.flatMap(({ from, to }) => [...from, ...to]), { reaches, tally, scope });
    const { why: s3Fault } = store;
    const plans = s3Fault === undefined ? planned : planned.map(plan => withoutS3(plan, s3Fault));
    const { from: remote, notices: silent } = await onlyAnswering(open_unique(plans.flatMap(({ from }) => from)), {
        env: rights,
    });
    const { folders, damaged } = await readable(plans);
    const from = plans.map((plan, at) => [
        ...(folders[at] ?? []).map(folder => `type=local,${(0,schema_csv/* fieldOf */._F)(`src=${folder}`)}`),
        ...plan.from.filter(item => remote.includes(item)),
    ]);
    const types = new Set([...from.flat(), ...plans.flatMap(({ to }) => to)].map(typeOf));
    const gha = types.has('gha') ? (await open_relayOf(scope))?.enter(tally) : undefined;
    return {
        plans,
        from,
        through: store.through,
        env: { ...store.env, ...gha?.env },
        tally,
        folders: open_unique([...folders.flat(), ...plans.flatMap(({ folder }) => folder ?? []), ...foldersIn(cache)]),
        why: open_unique(plans.flatMap(plan => plan.why || [])),
        notices: [...(s3Fault === undefined ? [] : [`nothing was read from s3: ${s3Fault}`]), ...damaged, ...silent],
    };
}
/** The folders of each that can be read, and why others can't. */
async function readable(plans) {
    const there = open_unique(plans.flatMap(plan => plan.folders)).filter(folder => (0,external_node_fs_.existsSync)((0,external_node_path_.join)(folder, 'index.json')));
    const damages = new Map(await Promise.all(there.map(async (folder) => [folder, await damageOf(folder)])));
    const isWhole = (folder) => damages.has(folder) && damages.get(folder) === undefined;
    return {
        folders: plans.map(plan => plan.folders.filter(isWhole)),
        damaged: [...damages].flatMap(([folder, damage]) => damage === undefined ? [] : [`nothing was read from ${folder}, which is damaged: ${damage}`]),
    };
}
/** Caches of type s3 are left out: there is nothing to sign with. */
function withoutS3(plan, why) {
    const [from, to] = [plan.from, plan.to].map(items => items.filter(item => !isS3(item)));
    const isWithout = from?.length === plan.from.length && to?.length === plan.to.length;
    return isWithout ? plan : { ...plan, from: from ?? [], to: to ?? [], why: `no cache in s3: ${why}` };
}
const open_unique = (items) => [...new Set(items)];
/** Folders that the configuration names in BuildKit's words. */
const foldersIn = ({ 'cache-from': from = [], 'cache-to': to = [] }) => [...from, ...to].flatMap(item => {
    const { type, src, dest } = (0,schema_csv/* attributesOf */.Td)(item) ?? {};
    return type === 'local' ? (src ?? dest ?? []) : [];
});
/** One relay for a run: BuildKit may read by it what another solve has looked up. */
const open_relays = new WeakMap();
function open_relayOf({ run, rights }) {
    if (!open_relays.has(run)) {
        const right = readCacheRight(rights, Date.now());
        open_relays.set(run, typeof right === 'string' ? undefined : openRelay(right));
    }
    return open_relays.get(run);
}
/** What the record keeps of reading caches. */
function readingOf(cache, { vertices, notices }) {
    const { tally } = cache;
    const from = open_unique(cache.from.flat());
    const [found, missed] = [[...tally.found], [...tally.missed]];
    const miss = explainMiss(vertices, { from, found, missed });
    return { ...useOf(cache), from: [...from], to: [], ...(miss && { miss }), notices: [...notices] };
}
/** What it keeps of writing one. */
const writingOf = (cache, to, notices) => ({
    ...useOf(cache),
    from: [],
    to: [...to],
    notices: [...notices],
});
function useOf({ plans, why, tally }) {
    const types = open_unique(plans.flatMap(typesOf));
    return { type: types.join(', ') || 'none', why: why.join('\n'), ...countsOf(tally) };
}
/** In the user's own words there may be several. */
function typesOf({ type, from, to, inline }) {
    if (type === 'none')
        return [];
    return type === 'given' ? [...from, ...to].map(typeOf).concat(inline ? ['inline'] : []) : [type];
}
const countsOf = ({ found, missed, received, sent, entries }) => ({
    found: [...found],
    missed: [...missed],
    received,
    sent,
    entries,
});

// EXTERNAL MODULE: ./.build/src/github/job.js
var job = __webpack_require__(78172);
// EXTERNAL MODULE: external "node:zlib"
var external_node_zlib_ = __webpack_require__(38522);
;// CONCATENATED MODULE: ./.build/src/registry/pieces.js

function piecesOf(stream) {
    const source = stream[Symbol.asyncIterator]();
    let kept = Buffer.alloc(0);
    async function more() {
        const { done, value } = await source.next();
        if (done === true)
            return false;
        kept = kept.length === 0 ? Buffer.from(value) : Buffer.concat([kept, value]);
        return true;
    }
    async function pass(length, see) {
        for (let left = length; left > 0;) {
            if (kept.length === 0 && !(await more()))
                throw new Error('the archive ends too soon');
            const bytes = kept.subarray(0, left);
            see(bytes);
            kept = kept.subarray(bytes.length);
            left -= bytes.length;
        }
    }
    return {
        async take(length) {
            while (kept.length < length && (await more()))
                ;
            if (kept.length === 0 && length > 0)
                return undefined;
            if (kept.length < length)
                throw new Error('the archive ends too soon');
            const bytes = kept.subarray(0, length);
            kept = kept.subarray(length);
            return bytes;
        },
        async hash(length, padded) {
            const hash = (0,external_node_crypto_.createHash)('sha256');
            await pass(length, bytes => hash.update(bytes));
            await pass(padded - length, () => { });
            return hash.digest('hex');
        },
    };
}

;// CONCATENATED MODULE: ./.build/src/registry/tar.js

const types = {
    '': 'file',
    '\0': 'file',
    '0': 'file',
    '1': 'hard link',
    '2': 'symlink',
    '3': 'character device',
    '4': 'block device',
    '5': 'directory',
    '6': 'fifo',
};
const block = 512;
/**
 * The entries of a tar archive in its order (POSIX ustar and pax, pubs.opengroup.org, utilities/pax; GNU's long names).
 * Contents are hashed as they come and not kept. @throws Error for what is no archive
 */
async function* readTar(archive) {
    const reader = piecesOf(archive);
    let next = {};
    for (;;) {
        const header = await reader.take(block);
        if (header === undefined || header.every(byte => byte === 0))
            return;
        const [type, size] = [tar_text(header, 156, 1), Number(next.size ?? number(header, 124, 12))];
        if (!Number.isSafeInteger(size) || checksumOf(header) !== number(header, 148, 8))
            throw new Error('not a tar archive');
        const padded = Math.ceil(size / block) * block;
        if (type === 'x' || type === 'L' || type === 'K') {
            const content = (await reader.take(padded))?.subarray(0, size) ?? Buffer.alloc(0);
            next = { ...next, ...(type === 'x' ? paxOf(content) : longOf(type, content)) };
            continue;
        }
        const digest = await reader.hash(size, padded);
        // The global header of pax says nothing of a file.
        if (type !== 'g')
            yield { ...entryOf(header, next), type: types[type] ?? type, size, digest: size > 0 ? digest : '' };
        next = {};
    }
}
function entryOf(header, pax) {
    const prefix = tar_text(header, 257, 5) === 'ustar' ? tar_text(header, 345, 155) : '';
    const name = [prefix, tar_text(header, 0, 100)].filter(part => part !== '').join('/');
    const attributes = Object.entries(pax).filter(([key]) => key.startsWith('SCHILY.xattr.'));
    return {
        path: `/${(pax.path ?? name).replace(/^\.?\/+/, '').replace(/\/$/, '')}`,
        mode: number(header, 100, 8) & 0o7777,
        owner: `${pax.uid ?? number(header, 108, 8)}:${pax.gid ?? number(header, 116, 8)}`,
        mtime: pax.mtime ?? String(number(header, 136, 12)),
        link: pax.linkpath ?? tar_text(header, 157, 100),
        attributes: attributes
            .map(pair => pair.join('='))
            .sort()
            .join(),
    };
}
/** `25 path=some/long/name\n`, with the length of the record before it; in bytes. */
function paxOf(content) {
    const records = {};
    for (let at = 0; at < content.length;) {
        const space = content.indexOf(0x20, at);
        const length = Number(content.toString('latin1', at, space));
        if (space === -1 || !(length > 0))
            break;
        const [, key = '', value = ''] = /^([^=]*)=(.*)$/s.exec(content.toString('utf8', space + 1, at + length - 1)) ?? [];
        records[key] = value;
        at += length;
    }
    return records;
}
const longOf = (type, content) => ({
    [type === 'L' ? 'path' : 'linkpath']: tar_text(content, 0, content.length),
});
const tar_text = (header, from, length) => header.toString('utf8', from, from + length).split('\0', 1)[0] ?? '';
/** Octal digits, or with the first bit set a number to the base 256 (GNU). */
function number(header, from, length) {
    const first = header[from] ?? 0;
    if (first < 0x80)
        return Number.parseInt(tar_text(header, from, length).trim() || '0', 8);
    return header.subarray(from + 1, from + length).reduce((all, byte) => all * 256 + byte, first & 0x7f);
}
/** The sum of all bytes, those of the sum itself taken as spaces. */
const checksumOf = (header) => header.reduce((sum, byte, index) => sum + (index >= 148 && index < 156 ? 0x20 : byte), 0);

;// CONCATENATED MODULE: ./.build/src/registry/registry.js







const descriptor = schemas/* looseObject */._H3({ mediaType: schemas/* string */.YjP(), digest: record_image/* digestSchema */.er, size: schemas/* number */.aig() });
/** An image manifest (OCI image-spec, manifest.md; Docker's schema 2 has the same members). Sizes in bytes. */
const manifestSchema = schemas/* looseObject */._H3({
    mediaType: schemas/* string */.YjP().optional(),
    config: descriptor,
    // BuildKit writes null for an image without any.
    layers: schemas/* array */.YOg(descriptor)
        .nullable()
        .transform(layers => layers ?? []),
    annotations: schemas/* record */.g1P(schemas/* string */.YjP(), schemas/* string */.YjP()).optional(),
});
/** An image configuration (OCI image-spec, config.md), as far as we read it. */
const configSchema = schemas/* looseObject */._H3({
    architecture: schemas/* string */.YjP(),
    os: schemas/* string */.YjP(),
    variant: schemas/* string */.YjP().optional(),
    config: schemas/* looseObject */._H3({
        User: schemas/* string */.YjP().optional(),
        Entrypoint: schemas/* array */.YOg(schemas/* string */.YjP()).nullish(),
        Cmd: schemas/* array */.YOg(schemas/* string */.YjP()).nullish(),
        Labels: schemas/* record */.g1P(schemas/* string */.YjP(), schemas/* string */.YjP()).nullish(),
    })
        .optional(),
});
/** An image index (OCI image-spec, image-index.md; Docker's manifest list has the same members). */
const indexSchema = schemas/* looseObject */._H3({
    manifests: schemas/* array */.YOg(schemas/* looseObject */._H3({
        mediaType: schemas/* string */.YjP(),
        digest: record_image/* digestSchema */.er,
        size: schemas/* number */.aig(),
        annotations: schemas/* record */.g1P(schemas/* string */.YjP(), schemas/* string */.YjP()).optional(),
        platform: schemas/* looseObject */._H3({ architecture: schemas/* string */.YjP(), os: schemas/* string */.YjP(), variant: schemas/* string */.YjP().optional() }).optional(),
    })),
});
const indexTypes = [
    'application/vnd.oci.image.index.v1+json',
    'application/vnd.docker.distribution.manifest.list.v2+json',
];
const accept = [
    'application/vnd.oci.image.manifest.v1+json',
    'application/vnd.docker.distribution.manifest.v2+json',
    ...indexTypes,
].join(', ');
const isIndexType = (mediaType) => indexTypes.includes(mediaType);
/** The manifest of an image in staging. @throws OutsideError when staging does not have it. */
async function readManifest(image, signal) {
    return manifestSchema.parse(JSON.parse((await readBytes(manifestOf(image), signal)).toString('utf8')));
}
/** The index of that digest in staging. @throws OutsideError when staging does not have it. */
async function readIndex(index, signal) {
    return indexSchema.parse(JSON.parse((await readBytes(manifestOf(index), signal)).toString('utf8')));
}
/** What a manifest in staging is, for an index that lists it. */
async function describeManifest(image, signal) {
    const bytes = await readBytes(manifestOf(image), signal);
    const { mediaType } = manifestSchema.parse(JSON.parse(bytes.toString('utf8')));
    // A manifest of OCI need not name its type (image-spec, manifest.md).
    return {
        mediaType: mediaType ?? 'application/vnd.oci.image.manifest.v1+json',
        digest: image.digest,
        size: bytes.length,
    };
}
/** Puts a manifest or an index into staging, by digest (OCI distribution-spec, "Pushing Manifests"). */
async function putManifest({ repository, digest }, { mediaType, text }, signal) {
    const url = registry_addressOf({ repository, path: `manifests/${digest}` });
    const response = await registry_ask(url, { method: 'PUT', headers: { 'content-type': mediaType }, body: text, signal });
    if (!response.ok)
        throw new errors/* OutsideError */.Cp(`Staging answered ${response.status} to ${url}: ${await response.text()}`);
}
/** The configuration of an image in staging. */
async function readConfiguration(image, signal) {
    const { config } = await readManifest(image, signal);
    return configSchema.parse(await readBlob(image.repository, config.digest, signal));
}
/** The entries of a layer in staging, each path as its last entry has it. @throws OutsideError */
async function readLayer(repository, { digest, mediaType }, signal) {
    const url = registry_addressOf({ repository, path: `blobs/${digest}` });
    const { ok, status, body } = await registry_ask(url, { signal });
    if (!ok || body === null)
        throw new errors/* OutsideError */.Cp(`Staging answered ${status} for ${url}`);
    const entries = new Map();
    for await (const entry of readTar(unpacked(external_node_stream_.Readable.fromWeb(body), mediaType)))
        entries.set(entry.path, entry);
    return entries;
}
/** Media types of layers end with their compression (OCI image-spec, layer.md). */
function unpacked(stream, mediaType) {
    const unpack = /[+.]gzip$/.test(mediaType)
        ? (0,external_node_zlib_.createGunzip)()
        : /\+zstd$/.test(mediaType)
            ? (0,external_node_zlib_.createZstdDecompress)()
            : undefined;
    return unpack === undefined ? stream : (0,external_node_stream_.pipeline)(stream, unpack, () => { });
}
/** A blob of JSON in staging, such as an attestation. */
const readBlob = async (repository, digest, signal) => JSON.parse((await readBytes({ repository, path: `blobs/${digest}`, digest }, signal)).toString('utf8'));
const manifestOf = ({ repository, digest }) => ({ repository, path: `manifests/${digest}`, digest });
// Staging speaks plain HTTP on the loopback and asks for no login (OCI distribution-spec, "Pulling manifests").
function registry_addressOf({ repository, path }) {
    const slash = repository.indexOf('/');
    return `http://${repository.slice(0, slash)}/v2${repository.slice(slash)}/${path}`;
}
function registry_ask(url, init) {
    return fetch(url, init).catch((cause) => {
        init.signal.throwIfAborted();
        throw new errors/* OutsideError */.Cp(`Staging does not answer on ${url}: is the run still open?`, { cause });
    });
}
async function readBytes({ repository, path, digest }, signal) {
    const url = registry_addressOf({ repository, path });
    const response = await registry_ask(url, { headers: { accept }, signal });
    if (!response.ok)
        throw new errors/* OutsideError */.Cp(`Staging answered ${response.status} for ${url}`);
    const bytes = Buffer.from(await response.arrayBuffer());
    // A verdict is about a digest: the bytes that it was read from must have it.
    const found = `sha256:${(0,external_node_crypto_.createHash)('sha256').update(bytes).digest('hex')}`;
    if (found !== digest)
        throw new errors/* OutsideError */.Cp(`Staging gave other bytes (${found}) for ${url}`);
    return bytes;
}

;// CONCATENATED MODULE: ./.build/src/build/attest.js

/** True where the image gets attestations beside it, which makes an index of what is pushed. */
const isAttested = (wish) => ['provenance', 'sbom'].some(type => askedFor(wish, type, '') !== 'false');
/**
 * Pure: the flags that ask BuildKit for attestations. Provenance of mode `max` holds the build arguments and the whole
 * Dockerfile: it is the default only where everybody may read these anyway.
 */
function attestFlags(wish, { isPublic, run }) {
    const provenance = askedFor(wish, 'provenance', `mode=${isPublic ? 'max' : 'min'}`);
    const isNamed = provenance === 'false' || run === undefined || 'builder-id' in ((0,schema_csv/* attributesOf */.Td)(provenance) ?? {});
    return [
        `--provenance=${isNamed ? provenance : `${provenance},builder-id=${run}`}`,
        `--sbom=${askedFor(wish, 'sbom', 'true')}`,
    ];
}
/** A key of its own wins over the list, as it does in docker/build-push-action. */
function askedFor(wish, type, usual) {
    const own = wish[type];
    if (own !== undefined)
        return typeof own === 'string' ? own : own ? usual : 'false';
    const listed = (wish.attests ?? []).findLast(item => (0,schema_csv/* attributesOf */.Td)(item)?.type === type);
    if (listed === undefined || (0,schema_csv/* attributesOf */.Td)(listed)?.disabled === 'true')
        return 'false';
    return attest_attributesIn(listed) || usual;
}
/** The attributes of an item of the list besides its type, as they are written. */
const attest_attributesIn = (item) => item.replace(/(^|,)type=(provenance|sbom)(?=,|$)/, '').replace(/^,/, '');

// EXTERNAL MODULE: ./node_modules/execa/index.js + 134 modules
var execa = __webpack_require__(7427);
// EXTERNAL MODULE: ./node_modules/semver/index.js
var semver = __webpack_require__(62088);
;// CONCATENATED MODULE: ./.build/src/tools/pins.json
const pins_namespaceObject = /*#__PURE__*/JSON.parse('{"trivy":{"version":"0.74.0","atLeast":"0.70.0","versionArgs":["--version"],"assets":{"linux/amd64":{"url":"https://github.com/aquasecurity/trivy/releases/download/v0.74.0/trivy_0.74.0_Linux-64bit.tar.gz","sha256":"2ae6fe3ee734b7fdf11335663e18c75ea12dccc76062f09f164a3b0f8be4371a","entry":"trivy"},"linux/arm64":{"url":"https://github.com/aquasecurity/trivy/releases/download/v0.74.0/trivy_0.74.0_Linux-ARM64.tar.gz","sha256":"b94ce1976bbf3c15b514b605ee88be7c6d94a29be2302847ff01cb794d47aad5","entry":"trivy"},"darwin/amd64":{"url":"https://github.com/aquasecurity/trivy/releases/download/v0.74.0/trivy_0.74.0_macOS-64bit.tar.gz","sha256":"472816f6888dda689d075c30254d4210b4d1035acf365aa72332f584c2f60485","entry":"trivy"},"darwin/arm64":{"url":"https://github.com/aquasecurity/trivy/releases/download/v0.74.0/trivy_0.74.0_macOS-ARM64.tar.gz","sha256":"1caada5e0e2091909357c7525d3aa76f4b660b13821bc143b190c7483e31cc11","entry":"trivy"}}},"regctl":{"version":"0.11.6","atLeast":"0.11.0","versionArgs":["version"],"assets":{"linux/amd64":{"url":"https://github.com/regclient/regclient/releases/download/v0.11.6/regctl-linux-amd64","sha256":"8e0e62a497fcdb8048d18aa927a139613176ba0531f412bc541044e28f9856bd"},"linux/arm64":{"url":"https://github.com/regclient/regclient/releases/download/v0.11.6/regctl-linux-arm64","sha256":"a9b71a3ee79b2d1dbbd7d51fd5e8fa214722c192864235d3d8764463c751a1ff"},"darwin/arm64":{"url":"https://github.com/regclient/regclient/releases/download/v0.11.5/regctl-darwin-arm64","sha256":"f4d536d64d0c3cc1db7400902175a1c314675991d22e87e15c319501a2676d3f","version":"0.11.5"}}},"hadolint":{"version":"2.15.1","atLeast":"2.12.0","versionArgs":["--version"],"assets":{"linux/amd64":{"url":"https://github.com/hadolint/hadolint/releases/download/v2.15.1/hadolint-linux-x86_64","sha256":"c7187db94eeeeca956519a6af171adc31453941a1e777961f6e680f697c8c507"},"linux/arm64":{"url":"https://github.com/hadolint/hadolint/releases/download/v2.15.1/hadolint-linux-arm64","sha256":"f6198ef8090f404dbb771abfee086eb8c48ac177f30da7fd3510aca35b344b5d"},"darwin/arm64":{"url":"https://github.com/hadolint/hadolint/releases/download/v2.15.1/hadolint-macos-arm64","sha256":"5c09f3213f8e40406abe048233d985eebef336d4a6a20021be47fadb6cf480a2"}}}}');
;// CONCATENATED MODULE: ./.build/src/tools/tool.js


/** Where programs are kept between runs: `PCE_TOOLS`, else a folder in the user's cache, never in the repository. */
function toolsFolder(env) {
    if (env.PCE_TOOLS)
        return env.PCE_TOOLS;
    return (0,external_node_path_.join)(env.XDG_CACHE_HOME || (0,external_node_path_.join)(env.HOME || (0,external_node_os_.homedir)(), '.cache'), 'pce-actions');
}
/** This machine in Docker's words, `linux/arm64`. */
function hostPlatform() {
    const architectures = { x64: 'amd64' };
    return `${process.platform}/${architectures[process.arch] ?? process.arch}`;
}

;// CONCATENATED MODULE: ./.build/src/tools/release.js









/** ms for a whole download: the largest pinned file has 60 MB. */
const TRANSFER_DEADLINE = 300_000;
/**
 * Downloads the pinned release into the tools folder. The file is checked against the pinned SHA-256 before it is
 * unpacked, and appears under its final name only by a rename, so that a run that was killed, or another one at the
 * same time, never leaves half a program. Throws OutsideError.
 */
async function installRelease(pin, options) {
    const asset = pin.assets[hostPlatform()];
    if (!asset)
        throw release_unavailable(pin, `no release is pinned for ${hostPlatform()}`);
    const version = asset.version ?? pin.version;
    const path = (0,external_node_path_.join)(toolsFolder(options.env), pin.name, version, pin.name);
    await (0,promises_.mkdir)((0,external_node_path_.dirname)(path), { recursive: true });
    const work = await (0,promises_.mkdtemp)(`${(0,external_node_path_.dirname)(path)}.`);
    try {
        if (!options.silentHosts?.has(new URL(asset.url).host))
            options.say(`Downloading ${asset.url}`);
        await (0,promises_.rename)(await fetchProgram(asset, work, options), path);
    }
    catch (error) {
        options.signal.throwIfAborted();
        throw release_unavailable(pin, error instanceof Error ? error.message : String(error), error);
    }
    finally {
        await (0,promises_.rm)(work, { recursive: true, force: true });
    }
    return { name: pin.name, path, version, source: 'release' };
}
async function fetchProgram(asset, work, options) {
    const file = (0,external_node_path_.join)(work, 'download');
    const sha256 = await download(asset.url, file, options);
    if (sha256 !== asset.sha256) {
        throw new Error(`${asset.url} has SHA-256 ${sha256}, pinned is ${asset.sha256}: not used`);
    }
    const program = asset.entry ? await unpack(file, asset.entry, options.signal) : file;
    await (0,promises_.chmod)(program, 0o755);
    return program;
}
async function unpack(file, entry, signal) {
    const folder = (0,external_node_path_.dirname)(file);
    await (0,execa/* execa */.Ho)('tar', ['-xzf', file, '-C', folder], { cancelSignal: signal, stdin: 'ignore' });
    return (0,external_node_path_.join)(folder, entry);
}
async function download(url, file, options) {
    const body = await release_open(url, options);
    const hash = (0,external_node_crypto_.createHash)('sha256');
    const observed = async function* (chunks) {
        for await (const chunk of chunks) {
            hash.update(chunk);
            yield chunk;
        }
    };
    const signal = AbortSignal.any([options.signal, AbortSignal.timeout(TRANSFER_DEADLINE)]);
    await (0,external_node_stream_promises_.pipeline)(external_node_stream_.Readable.fromWeb(body), observed, (0,external_node_fs_.createWriteStream)(file), { signal });
    return hash.digest('hex');
}
/** The body of an answer that began within the connect deadline; later bytes have the transfer deadline. */
async function release_open(url, { signal, connectDeadline = 5000, silentHosts }) {
    const { host } = new URL(url);
    if (silentHosts?.has(host))
        throw new Error(`${host} did not answer earlier in this run`);
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), connectDeadline);
    const response = await fetch(url, { signal: AbortSignal.any([signal, patience.signal]) })
        .catch((cause) => {
        signal.throwIfAborted();
        silentHosts?.add(host);
        throw new Error(`${host} did not answer${patience.signal.aborted ? ` within ${connectDeadline} ms` : ''}`, {
            cause,
        });
    })
        .finally(() => clearTimeout(timer));
    if (!response.ok || !response.body)
        throw new Error(`${url} answered ${response.status}`);
    return response.body;
}
const release_unavailable = ({ name, version, atLeast }, reason, cause) => new errors/* OutsideError */.Cp(`${name} is neither on PATH (${atLeast} or newer) nor kept from an earlier run, and its release ${version} can't be had: ` +
    `${reason}. Install ${name} and put it on PATH, or allow that host.`, { cause });

;// CONCATENATED MODULE: ./.build/src/tools/find.js








/**
 * Finds a program that a stage runs, in the order in which a user would expect it: the one on PATH when its version
 * serves, one that an earlier run kept, else the pinned release, whose SHA-256 is checked before anything runs it.
 * Throws OutsideError with what was tried and what to do.
 */
async function findTool(name, options) {
    return await findPinned({ name, ...pins_namespaceObject[name] }, options);
}
/** The same for any pin. */
async function findPinned(pin, options) {
    return (await findInstalled(pin, options)) ?? (await installRelease(pin, options));
}
/** The program on PATH or in the tools folder, if one of them serves; nothing is downloaded. */
async function findInstalled(pin, options) {
    return (await findOnPath(pin, options)) ?? (await findInFolder(pin, options));
}
async function findOnPath(pin, options) {
    for (const folder of (options.env.PATH ?? '').split(external_node_path_.delimiter).filter(Boolean)) {
        const path = (0,external_node_path_.join)(folder, pin.name);
        if (!(await isProgram((0,external_node_path_.resolve)(options.context ?? '', path))))
            continue;
        if (await isOfRepository(folder, options)) {
            options.say(`Not used: ${path} (PATH leads into the repository, which must not choose its own judge)`);
            continue;
        }
        const kept = await keptVersion(pin, path, options);
        const version = kept ?? (await askVersion(pin, path, options));
        if (version && semver.gte(version, pin.atLeast))
            return { name: pin.name, path, version, source: kept ? 'cache' : 'path' };
        options.say(`Not used: ${path} (version ${version ?? 'unknown'}, needed is ${pin.atLeast} or newer)`);
    }
    return undefined;
}
/** A relative folder is whatever the checkout has there; a link may lead into it or out of it, and both count. */
async function isOfRepository(folder, { context }) {
    if (!(0,external_node_path_.isAbsolute)(folder))
        return true;
    if (context === undefined)
        return false;
    const real = await Promise.all([folder, context].map(path => (0,promises_.realpath)(path).catch(() => path)));
    return [(0,external_node_path_.relative)(context, folder), (0,external_node_path_.relative)(real[1] ?? context, real[0] ?? folder)].some(way => way !== '..' && !way.startsWith(`..${external_node_path_.sep}`));
}
async function findInFolder(pin, { env }) {
    const folder = (0,external_node_path_.join)(toolsFolder(env), pin.name);
    const versions = (await (0,promises_.readdir)(folder).catch(() => [])).filter(version => semver.valid(version) && semver.gte(version, pin.atLeast));
    for (const version of semver.rsort(versions)) {
        const path = (0,external_node_path_.join)(folder, version, pin.name);
        if (await isProgram(path))
            return { name: pin.name, path, version, source: 'cache' };
    }
    return undefined;
}
/** The version in a kept program's path, `<tools>/trivy/0.74.0/trivy`: saves starting a large program to ask it. */
async function keptVersion(pin, path, { env }) {
    const folder = await (0,promises_.realpath)((0,external_node_path_.join)(toolsFolder(env), pin.name)).catch(() => undefined);
    if (!folder)
        return undefined;
    const [version] = (0,external_node_path_.relative)(folder, await (0,promises_.realpath)(path)).split(external_node_path_.sep);
    return semver.valid(version) ?? undefined;
}
async function askVersion(pin, path, { env, signal }) {
    const { stdout, stderr } = await (0,execa/* execa */.Ho)(path, pin.versionArgs, {
        env: { ...env },
        extendEnv: false,
        reject: false,
        stdin: 'ignore',
        timeout: 10_000,
        cancelSignal: signal,
    });
    signal.throwIfAborted();
    return `${stdout}\n${stderr}`.match(/\d+\.\d+\.\d+/)?.[0];
}
const isProgram = (path) => (0,promises_.access)(path, external_node_fs_.constants.X_OK).then(() => true, () => false);

;// CONCATENATED MODULE: ./.build/src/registry/refusal.js
const again = 'See that the registry is reachable, then run again';
/** The first that matches counts. A bare number may be part of a digest. */
const meanings = [
    {
        cause: 'unknown repository',
        words: /NAME_UNKNOWN|name unknown|repository name not known|does not exist in the registry|repository.*not found/i,
        pull: 'The registry has no such repository: look at the name.',
        push: 'Create the repository in the registry first; in ECR create-repository: true does.',
    },
    {
        cause: 'immutable tag',
        words: /TAG_INVALID|immutable/i,
        pull: 'The registry does not take this tag: look at the name.',
        push: 'The tag is there and may not move: use a tag that names this commit, such as type=sha.',
    },
    {
        cause: 'login not taken',
        words: /authorization token (is invalid|has expired)|incorrect username or password/i,
        pull: 'The registry does not take the login (any more): log in again, docker login.',
        push: 'The registry does not take this login (any more): get a new password or token. Registries that have a user each want a step of the login action each.',
    },
    {
        cause: 'rate limit',
        words: /429 Too Many Requests|\[http 429\]|too many requests|TOOMANYREQUESTS|rate limit/i,
        pull: 'The registry limits pulls. Log in before the build, since pulls without a login are limited most, or take the image from a mirror: public.ecr.aws/docker/library has the official images of Docker Hub.',
        push: 'The registry limits requests: run again later.',
    },
    {
        // Docker Hub's answer for what is private and for what is not there.
        cause: 'no access',
        words: /repository does not exist or may require|insufficient_scope/i,
        pull: 'There is no such image, or only a login may see it: look at the name, then log in with docker login.',
        push: 'There is no such repository, or the login may not push there: look at the name, then at the rights of the login.',
    },
    {
        // GHCR: the rights of the job's own token are the job's.
        cause: 'denied',
        words: /\bghcr\.io\b.*(\[http 403\]|403 Forbidden|denied|forbidden)/is,
        pull: 'The login may not pull this: give the job permissions: { packages: read }, and the repository access in the settings of the package.',
        push: 'The login may not push there: give the job permissions: { packages: write }, and the repository the role Write in the settings of the package.',
    },
    {
        // regctl says "unauthorized [http 403]" for a right that is missing.
        cause: 'denied',
        words: /\[http 403\]|403 Forbidden|denied|forbidden/i,
        pull: 'The login is known, or none is needed, but it may not pull this: look at its rights.',
        push: 'The login is known but may not push there: look at its rights.',
    },
    {
        cause: 'login wanted',
        words: /\[http 401\]|401 Unauthorized|unauthorized|no basic auth|authentication required/i,
        pull: 'There are no credentials for this registry: log in before the build, with docker login or a login step.',
        push: 'Log in to the registry: username and password, or docker login.',
    },
    {
        cause: 'certificate',
        words: /x509:|failed to verify certificate|certificate signed by/i,
        pull: 'Its certificate is not trusted by the builder: give the builder the CA of the registry.',
        push: 'Its certificate is not trusted here: add its CA to those of this machine.',
    },
    {
        cause: 'plain HTTP',
        words: /server gave HTTP response to HTTPS client/i,
        pull: 'It speaks plain HTTP, which is taken from the loopback alone: give it a certificate, or name it as insecure in the configuration of BuildKit.',
        push: 'It speaks plain HTTP, which is taken from the loopback alone: give it a certificate.',
    },
    {
        cause: 'unknown host',
        words: /no such host/i,
        pull: 'No name server knows this host: look at the name of the image, and at the network of the builder.',
        push: 'No name server knows this host: look at registries.',
    },
    {
        cause: 'server error',
        words: /\b50[0-9] (Internal|Not|Bad|Service|Gateway)|\[http 5\d\d\]|response status 5\d\d/i,
        pull: 'The registry has an error of its own: run again later, or take the image from a mirror.',
        push: `${again}: what is there already is not sent twice.`,
    },
    {
        cause: 'unreachable',
        words: /connection refused|connection reset|\bEOF\b|i\/o timeout|timeout exceeded|handshake timeout|deadline exceeded|no route to host|network is unreachable|broken pipe|server misbehaving|connection lost|GOAWAY/i,
        pull: `${again}, or take the image from a mirror.`,
        push: `${again}: what is there already is not sent twice.`,
    },
    {
        cause: 'silent',
        words: /moved no byte for|said nothing for/,
        pull: `${again}, or take the image from a mirror.`,
        push: `${again}: what is there already is not sent twice.`,
    },
    {
        cause: 'not found',
        words: /: not found|manifest unknown|\[http 404\]|404 Not Found|response status 404/i,
        pull: 'There is no such image: look at its name and tag.',
        push: 'Look at the name of the image.',
    },
];
/** Pure: what a tool's words about a registry mean; undefined when they mean nothing that is known. */
const causeOf = (said) => meaningOf(said)?.cause;
/** Pure: what to do about it. */
const refusal_adviceFor = (said, way) => meaningOf(said)?.[way] ?? `${again}${way === 'pull' ? '.' : ': what is there already is not sent twice.'}`;
const meaningOf = (said) => meanings.find(({ words }) => words.test(said));

// EXTERNAL MODULE: ./.build/src/program/backoff.js
var backoff = __webpack_require__(77356);
;// CONCATENATED MODULE: ./.build/src/registry/retry.js

const once = { tries: 1, base: 0, cap: 0, budget: 0 };
/**
 * The whole policy. What a registry refuses by its rules it refuses again; the tools' own few tries, within a second or
 * two, come before each of these.
 */
const rules = {
    'server error': { tries: 4, base: 2_000, cap: 15_000, budget: 45_000 },
    unreachable: { tries: 4, base: 2_000, cap: 15_000, budget: 45_000 },
    'rate limit': { tries: 5, base: 4_000, cap: 30_000, budget: 90_000 },
    // Each try takes its own deadline already.
    silent: { tries: 2, base: 1_000, cap: 1_000, budget: 300_000 },
    // A name that was entered a moment ago, or a name server that starts.
    'unknown host': { tries: 2, base: 2_000, cap: 2_000, budget: 10_000 },
    'unknown repository': once,
    'immutable tag': once,
    'login not taken': once,
    'no access': once,
    denied: once,
    'login wanted': once,
    certificate: once,
    'plain HTTP': once,
    'not found': once,
};
/**
 * Tries until `causeOf` has nothing against the end of an attempt, or the rule of its cause is used up; gives the last
 * end. Only what may be done twice may be an attempt.
 */
async function withRetry(title, { attempt, causeOf }, { signal, say, random = Math.random }) {
    const began = Date.now();
    const counts = new Map();
    for (;;) {
        const end = await attempt();
        const cause = causeOf(end);
        if (cause === undefined)
            return end;
        const rule = rules[cause];
        const met = (counts.get(cause) ?? 0) + 1;
        counts.set(cause, met);
        const wait = (0,backoff/* waitOf */.p)(rule, met, random());
        if (met >= rule.tries || Date.now() - began + wait > rule.budget)
            return end;
        say(`${title}: ${cause}; again in ${(wait / 1000).toFixed(1)} s`);
        await (0,backoff/* pause */.v)(wait, signal);
    }
}

;// CONCATENATED MODULE: ./.build/src/registry/regctl.js







/** Loopback hosts speak plain HTTP, as they do for docker (docs.docker.com, "dockerd, insecure registries"). */
const isLoopback = (host) => /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])(:\d+)?$/.test(host);
/** Pure: regctl's own configuration file (regclient/regclient, docs/regctl.md). */
const renderRegctlConfig = (hosts) => JSON.stringify({
    hosts: Object.fromEntries(hosts.filter(isLoopback).map(host => [host, { tls: 'disabled', hostname: host }])),
});
async function openRegctl({ staging, login, silence = 120_000 }, scope) {
    const { path, version } = await findTool('regctl', scope);
    const config = (0,external_node_path_.join)(scope.run.directory, 'private', 'regctl.json');
    const [host = ''] = staging.split('/', 1);
    await (0,files/* writeWhole */.f8)(config, renderRegctlConfig([host, ...login.registries]), 0o600);
    const env = {
        ...scope.env,
        REGCTL_CONFIG: config,
        ...(login.folder === undefined ? {} : { DOCKER_CONFIG: login.folder }),
    };
    const programOf = (title, argv) => ({
        title,
        argv: [path, ...argv],
        env,
        signal: scope.signal,
        silence,
    });
    const run = (title, argv) => withRetry(title, { attempt: () => attempt(programOf(title, argv)), causeOf: causeOfEnd }, scope);
    return { path, version, run };
}
/** A registry that went silent ended it: that is an end like any other, which may be tried again. */
async function attempt(program) {
    const began = Date.now();
    try {
        return await (0,run/* runProgram */.mB)(program);
    }
    catch (error) {
        if (!(error instanceof run/* SilentError */.Ac))
            throw error;
        return { exitCode: undefined, signal: 'SIGTERM', stdout: '', stderr: error.message, duration: Date.now() - began };
    }
}
const causeOfEnd = ({ exitCode, stderr }) => (exitCode === 0 ? undefined : causeOf(stderr));
/** Copies an image with what refers to it; layers that the target has are not sent. @throws OutsideError */
async function copyImage(from, to, regctl) {
    const argv = ['image', 'copy', '--verbosity', 'error', from, to];
    const end = await regctl.run(`Push ${to}`, argv);
    if (end.exitCode === 0)
        return;
    throw new errors/* OutsideError */.Cp(`${(0,run/* failureOf */.g5)({ title: `Push ${to}`, argv: ['regctl'] }, end)}\n${refusal_adviceFor(end.stderr, 'push')}`);
}
/** The digest that a tag points at; undefined when there is no such tag, or it can't be read. */
async function tagDigest(reference, regctl) {
    const end = await regctl.run(`Look at ${reference}`, ['image', 'digest', '--verbosity', 'error', reference]);
    return end.exitCode === 0 ? end.stdout.trim() : undefined;
}

;// CONCATENATED MODULE: ./.build/src/build/bring-in.js


/**
 * Copies what a builder gave back as an OCI layout into staging, by digest, and drops the layout. Nothing is to be done
 * for a builder that pushed there itself. @throws OutsideError
 */
async function bringIn({ stages, repository, layout }, digest, scope) {
    if (stages !== 'layout')
        return;
    const regctl = await openRegctl({ staging: repository, login: { folder: undefined, registries: [] } }, scope);
    await copyImage(`ocidir://${layout}@${digest}`, `${repository}@${digest}`, regctl);
    await (0,promises_.rm)(layout, { recursive: true, force: true });
}

;// CONCATENATED MODULE: ./.build/src/build/turn.js
const turns = new Map();
/**
 * Does one after another what has the same key in a run. Where two solves at a time share steps, each with caches to
 * read, BuildKit takes the key of a shared step from one of their indexes, and finds no later step of the other (seen
 * with 0.32.2 behind any COPY: solver, combinedCacheManager.Query keeps one of two keys with the same name).
 */
async function inTurn(akin, { run, signal }, work) {
    const key = `${run.directory} ${akin}`;
    const mine = (turns.get(key) ?? Promise.resolve()).then(() => {
        signal.throwIfAborted();
        return work();
    });
    // However it ends, the next one has its turn.
    const over = mine.then(turn_nothing, turn_nothing);
    turns.set(key, over);
    return mine.finally(() => {
        if (turns.get(key) === over)
            turns.delete(key);
    });
}
const turn_nothing = () => { };

;// CONCATENATED MODULE: ./.build/src/build/cached.js








/**
 * A solve that reads caches. BuildKit goes on where it can't read an index, but ends where a layer that an index names
 * can't be read: then the solve is done once more, without a cache, and a folder of layers is written anew.
 */
async function solveCached(cache, { akin, attempt }, scope) {
    const from = cache.from.map(items => items.map(cache.through));
    const first = from.flat().length === 0 ? await attempt(from) : await inTurn(akin, scope, () => attempt(from));
    const broken = whyCacheBroke(first, cache);
    const plain = () => attempt(from.map(() => []));
    const last = broken === undefined ? first : await cached_withoutCache(plain, cache, broken, scope);
    const notices = [
        ...cache.notices,
        ...noticesOf(first.vertices, cache),
        ...(broken === undefined ? [] : [`built without the cache, which broke the first try: ${broken}`]),
    ];
    for (const notice of notices)
        scope.say(`Cache: ${notice}`);
    const use = readingOf(cache, { vertices: last.vertices, notices });
    if (use.miss !== undefined)
        scope.say(`First step that was not in the cache: ${use.miss}`);
    return { ...last, cache: use };
}
async function cached_withoutCache(attempt, { plans }, why, { say }) {
    say(`The cache broke the build, which is done once more without it: ${why}`);
    const folders = damage.test(why) ? plans.flatMap(({ folder }) => folder ?? []) : [];
    for (const folder of folders)
        await (0,promises_.rm)((0,external_node_path_.join)(folder, 'index.json'), { force: true }).catch(() => { });
    return withAdvice(await attempt());
}
/** What BuildKit says of a layer that its index names and that is not there, or not what it was. */
const damage = /lease "[^"]*": not found|NotFound desc = content|content sha256:\w+: not found|failed size validation|unexpected commit digest/;
/** A builder that has begun with a layer goes on asking for it, whatever is read. */
function withAdvice(solved) {
    const { failure } = solved;
    if (failure === undefined || !damage.test(cached_wordsOf(failure)))
        return solved;
    const text = `${cached_wordsOf(failure)}\n${cached_advice}`;
    return failure.status === 'failed'
        ? { ...solved, failure: { ...failure, reason: text } }
        : { ...solved, failure: { ...failure, fault: { ...failure.fault, message: text } } };
}
const cached_advice = 'A layer of the cache is damaged, and the builder still asks for it: run again with another builder (pce clean takes this one down). The damaged cache is not read again.';
const cached_wordsOf = (failure) => failure.status === 'failed' ? failure.reason : failure.fault.message;
/** How BuildKit says that a layer did not come (containerd content store, Azure's SDK). */
const layerFault = new RegExp(`${damage.source}|failed to copy|short read|unexpected EOF|BlobNotFound|failed to (load|configure|get)\\b.{0,40}\\bcache|blob .{0,90}not found`, 'i');
function whyCacheBroke({ failure, vertices }, { from, tally }) {
    if (failure === undefined || from.flat().length === 0 || vertices.some(isFailedStep))
        return undefined;
    const words = cached_wordsOf(failure);
    const [trouble] = [...tally.troubles].reverse();
    if (!layerFault.test(words))
        return undefined;
    return trouble ?? words.split('\n', 1)[0];
}
/** A command of the user that ended badly: no cache is to blame. */
const isFailedStep = ({ name, error = '' }) => /\] RUN /.test(name) && /did not complete successfully/.test(error);
/** An index that is not there is a cache that nobody has written yet; whatever else an import says is in the way. */
function noticesOf(vertices, { tally, from }) {
    // Only what goes by a relay is looked at on its way.
    const relayed = [...new Set(from.flat().map(typeOf))].filter(type => /^(gha|s3|azblob)$/.test(type));
    const troubles = [...tally.troubles].map(trouble => `nothing, or not all, was read from the ${relayed.join(' or ')} cache: ${trouble}`);
    const failed = vertices.flatMap(({ name, error }) => {
        const place = (0,record_steps/* importedFrom */.NK)(name);
        const said = azureAdvice(error ?? '') ?? error?.split('\n', 1)[0] ?? '';
        const none = said === '' || isNotThere(said);
        return place === undefined || none
            ? []
            : [`nothing was read from ${place.replace(/^(gha|s3|azblob):\d+$/, '$1')}: ${said}`];
    });
    return troubles.length > 0 ? troubles : failed;
}

;// CONCATENATED MODULE: ./.build/src/build/difference.js


/** How many files of one layer are named. */
const most = 20;
/**
 * Where two builds of one image differ: a line for each layer that is not the same, with its files, and for what the
 * configuration says; none where both have one digest.
 */
async function differencesOf(a, b, signal) {
    if (a.digest === b.digest)
        return [];
    const [ofA, ofB] = await Promise.all([a, b].map(image => describeImage(image, signal)));
    if (ofA === undefined || ofB === undefined)
        return [];
    const layers = await Promise.all(Array.from({ length: Math.max(ofA.layers.length, ofB.layers.length) }, async (_, index) => {
        const [one, other] = [ofA.layers[index], ofB.layers[index]];
        if (one?.digest === other?.digest)
            return [];
        if (one === undefined || other === undefined)
            return [`layer ${index + 1} is in one of them alone`];
        const [before, after] = await Promise.all([one.read(), other.read()]);
        return [compareLayers(index + 1, before, after)];
    }));
    const found = [...layers.flat(), ...compareConfigurations(ofA.configuration, ofB.configuration)];
    return found.length > 0 ? found : ['the manifests differ, though layers and configuration are the same'];
}
/** Pure: the reason of a check; undefined where both builds gave one digest. */
function whyNotReproducible(a, b, differences) {
    if (a.digest === b.digest)
        return undefined;
    return [
        `not reproducible: ${differences[0]}`,
        ...differences.slice(1),
        `Two builds of the same source, without cache, gave ${a.digest} and ${b.digest}: what is named has to be made the same each time.`,
    ].join('\n');
}
// OCI image-spec, config.md: a layer for each entry of the history that is not empty.
const historySchema = schemas/* looseObject */._H3({
    history: schemas/* array */.YOg(schemas/* looseObject */._H3({ created_by: schemas/* string */.YjP().optional(), empty_layer: schemas/* boolean */.zMY().optional() }))
        .default([]),
});
async function describeImage(image, signal) {
    const { layers } = await readManifest(image, signal);
    const configuration = await readConfiguration(image, signal);
    const made = historySchema.parse(configuration).history.filter(step => step.empty_layer !== true);
    return {
        configuration,
        layers: layers.map((layer, index) => ({
            digest: layer.digest,
            read: async () => ({
                digest: layer.digest,
                madeBy: stepOf(made[index]?.created_by ?? ''),
                entries: await readLayer(image.repository, layer, signal),
            }),
        })),
    };
}
/** `RUN /bin/sh -c date > /x # buildkit` → `RUN date > /x` */
const stepOf = (createdBy) => createdBy
    .replace(/ # buildkit$/, '')
    .replace(/^RUN (\|\d+ .*?)?\/bin\/sh -c /s, 'RUN ')
    .replaceAll(/\s+/g, ' ');
/** Pure: `layer 3 (RUN date > /x): /x differs in content`. */
function compareLayers(number, before, after) {
    const paths = [...new Set([...before.entries.keys(), ...after.entries.keys()])].sort();
    const files = paths.flatMap(path => compareEntries(path, before.entries.get(path), after.entries.get(path)));
    const title = `layer ${number}${before.madeBy === '' ? '' : ` (${before.madeBy.slice(0, 200)})`}`;
    if (files.length === 0)
        return `${title}: the same files, in another order or compressed in another way`;
    const rest = files.length - most;
    return `${title}: ${files.slice(0, most).join('; ')}${rest > 0 ? `; and ${rest} more` : ''}`;
}
function compareEntries(path, before, after) {
    if (before === undefined || after === undefined)
        return [`${path} is in one of them alone`];
    const differs = [
        ...(before.type === after.type ? [] : [`type (${before.type}, ${after.type})`]),
        ...(before.digest === after.digest && before.size === after.size ? [] : ['content']),
        ...(before.link === after.link ? [] : [`target (${before.link}, ${after.link})`]),
        ...(before.mode === after.mode ? [] : [`mode (${octal(before.mode)}, ${octal(after.mode)})`]),
        ...(before.owner === after.owner ? [] : [`owner (${before.owner}, ${after.owner})`]),
        ...(before.mtime === after.mtime ? [] : [`time (${before.mtime}, ${after.mtime})`]),
        ...(before.attributes === after.attributes ? [] : ['attributes']),
    ];
    return differs.length === 0 ? [] : [`${path} differs in ${differs.join(', ')}`];
}
const octal = (mode) => mode.toString(8).padStart(4, '0');
/** Pure: what two configurations say otherwise, by its path; that of layers is told with them. */
const compareConfigurations = (a, b) => pathsOf({ ...a, rootfs: undefined }, { ...b, rootfs: undefined }, '').map(path => `configuration: ${path} differs`);
function pathsOf(a, b, at) {
    if (JSON.stringify(a) === JSON.stringify(b))
        return [];
    if (!isObject(a) || !isObject(b))
        return [at];
    const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
    return keys.flatMap(key => pathsOf(a[key], b[key], at === '' ? key : `${at}.${key}`));
}
const isObject = (value) => typeof value === 'object' && value !== null;

;// CONCATENATED MODULE: ./.build/src/build/index-manifest.js


const indexMediaType = 'application/vnd.oci.image.index.v1+json';
/**
 * Pure: an image index (OCI image-spec, image-index.md), the same bytes for the same members. Attestations come last, of
 * platform unknown/unknown, as BuildKit stores them (moby/buildkit docs/attestations/attestation-storage.md).
 */
function renderIndex({ manifests, attestations, annotations = {} }) {
    const text = JSON.stringify({
        schemaVersion: 2,
        mediaType: indexMediaType,
        manifests: [
            ...manifests.map(({ platform, ...manifest }) => index_manifest_entryOf(manifest, platformOf(platform))),
            ...attestations.map(one => index_manifest_entryOf(one, { architecture: 'unknown', os: 'unknown' })),
        ],
        ...(Object.keys(annotations).length === 0 ? {} : { annotations: sorted(annotations) }),
    });
    return { digest: `sha256:${(0,external_node_crypto_.createHash)('sha256').update(text).digest('hex')}`, text };
}
/**
 * Pure: the manifest of the platform, and what attests it, in the index that BuildKit makes of a build with attestations.
 * The manifest is the one that the build has without them, so it is what is tested, scanned and judged.
 */
function splitIndex({ manifests }) {
    const [image, ...others] = manifests.filter(({ annotations = {} }) => !(referenceType in annotations));
    if (image === undefined || others.length > 0)
        throw new errors/* OutsideError */.Cp(`BuildKit gave an index of ${manifests.length} manifests where one image was asked for`);
    return { digest: image.digest, attestations: manifests.filter(one => one !== image).map(descriptorOf) };
}
const referenceType = 'vnd.docker.reference.type';
const descriptorOf = ({ mediaType, digest, size, annotations }) => ({
    mediaType,
    digest,
    size,
    ...(annotations === undefined ? {} : { annotations }),
});
const index_manifest_entryOf = ({ mediaType, digest, size, annotations = {} }, platform) => ({
    mediaType,
    digest,
    size,
    ...(Object.keys(annotations).length === 0 ? {} : { annotations: sorted(annotations) }),
    platform,
});
function platformOf(text) {
    const [os = '', architecture = '', variant] = text.split('/');
    return { architecture, os, ...(variant === undefined ? {} : { variant }) };
}
const sorted = (record) => Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));

;// CONCATENATED MODULE: ./.build/src/build/leak.js

/** A shorter value is in many a text by chance. */
const shortest = 8;
/** Looks for the secrets of a build in what its image says of itself. Layers are not looked into. */
async function findLeaks(image, secrets, scope) {
    if (secrets.size === 0)
        return [];
    const long = new Map([...secrets].filter(([, value]) => value.length >= shortest));
    for (const id of secrets.keys())
        if (!long.has(id))
            scope.say(`Did not look for the secret ${id} in the image: it is shorter than ${shortest} bytes`);
    const manifest = await readManifest(image, scope.signal);
    const configuration = await readConfiguration(image, scope.signal);
    return leaksIn({ manifest, configuration, attestations: await readAttestations(image, scope.signal) }, long);
}
/** Provenance and bills of materials, which are pushed beside the image: in-toto statements, each a blob of JSON. */
async function readAttestations({ repository, attestations = [] }, signal) {
    const manifests = await Promise.all(attestations.map(({ digest }) => readManifest({ repository, digest }, signal)));
    const layers = manifests.flatMap(manifest => manifest.layers);
    return Promise.all(layers.map(({ digest }) => readBlob(repository, digest, signal)));
}
/** Pure: the secrets in a configuration (history, environment, labels, …), in annotations and attestations. */
function leaksIn({ manifest, configuration, attestations = [] }, secrets) {
    const texts = [
        ...textsIn(configuration, ''),
        ...textsIn(manifest.annotations ?? {}, 'annotations'),
        ...textsIn(attestations, 'attestations'),
    ];
    return [...secrets].flatMap(([id, value]) => {
        const forms = formsOf(value);
        return texts
            .filter(({ text }) => forms.some(form => text.includes(form)))
            .map(({ path, text }) => ({ id, place: leak_placeOf(hide(path, forms), hide(text, forms)) }));
    });
}
// Hidden before it is cut: half a secret would not be recognised later.
const hide = (text, forms) => forms.reduce((hidden, form) => hidden.replaceAll(form, '***'), text);
/** The whole value, its Base64, and those lines of it that are a key by their looks. */
function formsOf(value) {
    const text = value.toString('utf8').trim();
    const lines = text.split(/\r?\n/).filter(line => /^[\w+/=-]{24,}$/.test(line) && /\d/.test(line));
    return [text, value.toString('base64'), Buffer.from(text).toString('base64'), ...lines];
}
/** All strings in plain data with their paths; names of members count too. */
function textsIn(value, path) {
    if (typeof value === 'string')
        return [{ path, text: value }];
    if (Array.isArray(value))
        return value.flatMap((item, index) => textsIn(item, `${path}[${index}]`));
    if (typeof value !== 'object' || value === null)
        return [];
    return Object.entries(value).flatMap(([name, member]) => {
        const inner = path === '' ? name : `${path}.${name}`;
        return [{ path, text: name }, ...textsIn(member, inner)];
    });
}
/** A step of the history is told by what it ran, which people know it by. */
const leak_placeOf = (path, text) => path.startsWith('history') ? `${path.replace(/\.created_by$/, '')}: ${text.slice(0, 200)}` : path;
/** What is wrong, and what to do. */
const leakMessage = (leaks) => [
    // Images of one solve share stages, and what is in those.
    ...new Set(leaks.map(({ id, place }) => `the secret ${id} is in the image: ${place}`)),
    'Whoever pulls the image can read it, so it must be replaced. ARG, ENV and LABEL stay in an image: read it in the step that needs it alone, RUN --mount=type=secret,id=ID.',
].join('\n');

;// CONCATENATED MODULE: ./.build/src/build/normal-context.js
var __addDisposableResource = (undefined && undefined.__addDisposableResource) || function (env, value, async) {
    if (value !== null && value !== void 0) {
        if (typeof value !== "object" && typeof value !== "function") throw new TypeError("Object expected.");
        var dispose, inner;
        if (async) {
            if (!Symbol.asyncDispose) throw new TypeError("Symbol.asyncDispose is not defined.");
            dispose = value[Symbol.asyncDispose];
        }
        if (dispose === void 0) {
            if (!Symbol.dispose) throw new TypeError("Symbol.dispose is not defined.");
            dispose = value[Symbol.dispose];
            if (async) inner = dispose;
        }
        if (typeof dispose !== "function") throw new TypeError("Object not disposable.");
        if (inner) dispose = function() { try { inner.call(this); } catch (e) { return Promise.reject(e); } };
        env.stack.push({ value: value, dispose: dispose, async: async });
    }
    else if (async) {
        env.stack.push({ async: true });
    }
    return value;
};
var __disposeResources = (undefined && undefined.__disposeResources) || (function (SuppressedError) {
    return function (env) {
        function fail(e) {
            env.error = env.hasError ? new SuppressedError(e, env.error, "An error was suppressed during disposal.") : e;
            env.hasError = true;
        }
        var r, s = 0;
        function next() {
            while (r = env.stack.pop()) {
                try {
                    if (!r.async && s === 1) return s = 0, env.stack.push(r), Promise.resolve().then(next);
                    if (r.dispose) {
                        var result = r.dispose.call(r.value);
                        if (r.async) return s |= 2, Promise.resolve(result).then(next, function(e) { fail(e); return next(); });
                    }
                    else s |= 1;
                }
                catch (e) {
                    fail(e);
                }
            }
            if (s === 1) return env.hasError ? Promise.reject(env.error) : Promise.resolve();
            if (env.hasError) throw env.error;
        }
        return next();
    };
})(typeof SuppressedError === "function" ? SuppressedError : function (error, suppressed, message) {
    var e = new Error(message);
    return e.name = "SuppressedError", e.error = error, e.suppressed = suppressed, e;
});






/**
 * Contexts whose files have the modes that Git keeps: 0755 for folders and programs, 0644 for the rest. What the umask
 * of a checkout leaves of them would get into the layers of COPY. A context that has them is used where it is; of
 * another one a copy is made in the run's folder, since the user's own files may be private with reason.
 */
async function openNormalContexts(config, scope) {
    const env_1 = { stack: [], error: void 0, hasError: false };
    try {
        if (config.reproducible === undefined)
            return { config, async [Symbol.asyncDispose]() { } };
        const made = __addDisposableResource(env_1, new AsyncDisposableStack(), true);
        async function normal(context, dockerfile) {
            const folder = (0,external_node_path_.resolve)(scope.context, context);
            if ((0,build_config/* isRemote */.Vx)(context) || !(await isFolder(folder)))
                return context;
            const unused = await unusedIn(folder, dockerfile);
            if (await isNormal(folder, unused))
                return context;
            const parent = (0,external_node_path_.join)(scope.run.directory, 'contexts');
            await (0,promises_.mkdir)(parent, { recursive: true });
            const copy = await (0,promises_.mkdtemp)((0,external_node_path_.join)(parent, 'normal-'));
            made.defer(() => (0,promises_.rm)(copy, { recursive: true, force: true }));
            scope.say(`Copied ${context} for the build: its files have other modes than Git keeps`);
            await copyNormal(folder, copy, unused);
            return copy;
        }
        const context = await normal(config.context, (0,external_node_path_.resolve)(scope.context, dockerfileOf(config)));
        const named = {};
        for (const [name, value] of Object.entries(config['build-contexts'] ?? {}))
            named[name] = await normal(value);
        const file = context === config.context ? config.file : dockerfileOf(config);
        const kept = made.move();
        return {
            config: { ...config, context, 'build-contexts': named, ...(file !== undefined && { file }) },
            [Symbol.asyncDispose]: () => kept.disposeAsync(),
        };
    }
    catch (e_1) {
        env_1.error = e_1;
        env_1.hasError = true;
    }
    finally {
        const result_1 = __disposeResources(env_1);
        if (result_1)
            await result_1;
    }
}
const isFolder = (path) => (0,promises_.lstat)(path).then(found => found.isDirectory(), () => false);
const ignoreFile = '.dockerignore';
/**
 * What no build sees of the folder: names at its top that the ignore file has as they are. One with exceptions is not
 * interpreted here. (docs.docker.com/build/concepts/context, ".dockerignore files"; an ignore file of the Dockerfile's
 * own is not for named contexts: moby/buildkit, frontend/dockerui/namedcontext.go)
 */
async function unusedIn(folder, dockerfile) {
    const read = (file) => (0,promises_.readFile)(file, 'utf8').catch(() => undefined);
    const own = dockerfile === undefined ? undefined : await read(`${dockerfile}${ignoreFile}`);
    const text = own ?? (await read((0,external_node_path_.join)(folder, ignoreFile))) ?? '';
    const lines = text.split('\n').map(line => line.trim());
    if (lines.some(line => line.startsWith('!')))
        return new Set();
    const names = lines.map(line => line.replace(/^\/|\/$/g, '')).filter(line => /^[\w.-]+$/.test(line));
    // Without the ignore file itself the copy would have no patterns, and what they keep out would get into the image.
    return new Set(names.filter(name => name !== ignoreFile));
}
/** Git's own folder is as it is: nothing in it is the same on two machines. */
const normal_context_git = '.git';
async function isNormal(folder, unused) {
    for (const entry of await (0,promises_.readdir)(folder, { withFileTypes: true })) {
        if (unused.has(entry.name) || entry.name === normal_context_git || entry.isSymbolicLink())
            continue;
        const path = (0,external_node_path_.join)(folder, entry.name);
        const { mode, mtimeMs } = await (0,promises_.lstat)(path);
        if ((mode & 0o7777) !== modeOf(entry.isDirectory(), mode) || mtimeMs < epoch * 1000)
            return false;
        if (entry.isDirectory() && !(await isNormal(path, new Set())))
            return false;
    }
    return true;
}
const modeOf = (isDirectory, mode) => (isDirectory || (mode & 0o100) !== 0 ? 0o755 : 0o644);
async function copyNormal(from, to, unused) {
    await (0,promises_.chmod)(to, 0o755);
    for (const entry of await (0,promises_.readdir)(from, { withFileTypes: true })) {
        if (unused.has(entry.name))
            continue;
        const [source, target] = [(0,external_node_path_.join)(from, entry.name), (0,external_node_path_.join)(to, entry.name)];
        if (entry.name === normal_context_git)
            await (0,promises_.cp)(source, target, { recursive: true, verbatimSymlinks: true });
        else if (entry.isSymbolicLink())
            await (0,promises_.symlink)(await (0,promises_.readlink)(source), target);
        else if (entry.isDirectory()) {
            await (0,promises_.mkdir)(target);
            await copyNormal(source, target, new Set());
        }
        else if (entry.isFile()) {
            await (0,promises_.copyFile)(source, target, external_node_fs_.constants.COPYFILE_FICLONE);
            await (0,promises_.chmod)(target, modeOf(false, (await (0,promises_.lstat)(source)).mode));
        }
    }
}

// EXTERNAL MODULE: ./.build/src/build/output.js
var output = __webpack_require__(30631);
;// CONCATENATED MODULE: ./.build/src/build/annotations.js
/**
 * Pure: flags of `docker buildx build` for the manifest of one platform. What is about an index is not for a build that
 * makes none: BuildKit refuses it (moby/buildkit, docs/annotations.md).
 */
const annotationArgv = (annotations, platform) => ['manifest', `manifest[${platform}]`].flatMap(level => Object.entries(annotations[level] ?? {}).flatMap(([key, value]) => ['--annotation', `manifest:${key}=${value}`]));

;// CONCATENATED MODULE: ./.build/src/build/plan.js



/** Pure: argv of the solve that stages an image by digest, and of nothing else. */
function planBuild(request, place) {
    return [
        ...planSolve(request, place, place.attestations),
        ...annotationArgv(request.annotations, request.platform),
        ...(place.inlineCache ? ['--cache-to', 'type=inline'] : []),
        '--output',
        `${place.output}${outputAttributes(request.config)}`,
        '--metadata-file',
        place.metadataFile,
        contextOf(request.config),
    ];
}
/** Pure: argv of the solve that writes the further outputs. Every step is in the builder already: all hits. */
const planOutputs = (request, builder) => [
    ...planSolve(warm(request), { builder, cacheFrom: [] }),
    ...(request.config.outputs ?? []).flatMap(output => ['--output', output]),
    contextOf(request.config),
];
/** A request once it is done: what asks for steps to be done anew has been heard. */
const warm = ({ config, ...request }) => ({
    ...request,
    config: { ...config, 'no-cache': undefined, 'no-cache-filters': undefined, pull: undefined },
});
/** Pure: argv of the solve that only writes the cache. Every step is in the builder already: all hits. */
const planCacheExport = (request, place, cacheTo) => [
    ...planSolve(warm(request), place),
    '--output',
    'type=cacheonly',
    ...cacheTo.flatMap(target => ['--cache-to', target]),
    contextOf(request.config),
];
function planSolve({ config, target, platform, labels }, { builder, cacheFrom }, attestations = ['--provenance=false', '--sbom=false']) {
    return [
        'docker',
        'buildx',
        'build',
        '--builder',
        builder,
        '--progress=rawjson',
        ...attestations,
        ...optionsOf(config),
        ...(target === undefined ? [] : ['--target', target]),
        ...(platform === 'native' ? [] : ['--platform', platform]),
        ...pairs('--label', labels),
        ...cacheFrom.flatMap(source => ['--cache-from', source]),
    ];
}

;// CONCATENATED MODULE: ./.build/src/build/bases.js

const digest = '(sha256:[0-9a-f]{64})';
const bases_named = [
    new RegExp(`^(?:\\[[^\\]]+\\] )?FROM (\\S+)@${digest}$`),
    new RegExp(`^\\[context [^\\]]+\\] load metadata for (\\S+)@${digest}$`),
    // A frontend; in a bake behind the name of its target.
    new RegExp(`^(?:\\[[^\\]]+\\] )?docker-image://(\\S+)@${digest}$`),
    new RegExp(`^\\[[^\\]]+\\] generating sbom using (\\S+)@${digest}$`),
];
/**
 * Pure: the images that a build stood on, as BuildKit resolved them: those of FROM, COPY --from, the frontend, and what
 * lists the packages of the SBOM; of its provenance (`materials`) those that its steps don't tell of.
 */
function basesOf(vertices, materials = []) {
    const found = vertices.flatMap(({ name }) => {
        const [, image, resolved] = bases_named.map(pattern => pattern.exec(name)).find(match => match !== null) ?? [];
        // What is named by digest alone is pinned where it is named.
        return image === undefined || resolved === undefined || !/:[^/]+$/.test(image) ? [] : [{ image, digest: resolved }];
    });
    const others = materials.filter(({ image }) => !found.some(base => base.image === image));
    return [...new Map([...found, ...others].map(base => [`${base.image}@${base.digest}`, base])).values()];
}
/** Pure: findings about bases that the lock does not have, or has with another digest: they may be others tomorrow. */
const unlockedIn = (bases, lock) => bases
    .filter(({ image, digest }) => lock.images[image] !== digest)
    .map(({ image, digest }) => notLocked(lock.images[image] === undefined
    ? `${image} is not in ${build_lock/* lockFile */.Ke}: pce lock run.json writes it anew`
    : `${image} was ${digest}, and ${build_lock/* lockFile */.Ke} has another: the build named a digest of its own, or its BuildKit is older than 0.12 and can't pin`));
/** Pure: a notice about something that the lock does not hold as it is. */
const notLocked = (message) => ({
    tool: 'pce',
    rule: 'not-locked',
    severity: 'low',
    message,
    location: { file: build_lock/* lockFile */.Ke },
    blocking: false,
});

;// CONCATENATED MODULE: ./.build/src/build/explain.js


/**
 * Reads buildx's last words. For a fault with a place it writes `Dockerfile:3`, a rule of dashes and the lines around it
 * (docker/buildx, util/progress and moby/buildkit solver/errdefs/source.go), then `ERROR: …`, at times in more lines.
 * `dockerfile` is relative to the repository; undefined when it is not in it, and then no place is given.
 */
function explainFailure(end, dockerfile) {
    const said = lastWords(end.rest);
    if (said === undefined && end.failure === undefined)
        return withoutWords(end);
    const words = said ?? end.failure?.error ?? '';
    const place = explain_placeOf(end.rest, dockerfile);
    const registry = isBuilderGone(words) ? undefined : registryCause(words, end.failure?.name ?? '');
    const what = registry === undefined ? stepFailure(end, words, dockerfile) : registryFailure(words, end.failure?.name);
    const { message, advice = [] } = what;
    const log = end.failure?.log ?? end.rest.slice(-20);
    return {
        reason: [`${place === undefined ? '' : `${place.file}:${place.line}: `}${message}`, ...advice].join('\n'),
        log,
        findings: place === undefined ? [] : [findingOf([message, ...advice].join('\n'), place, log)],
        outside: registry === undefined ? isBuilderGone(words) || isUnfetched(words) : !isMistake(registry),
        registry,
    };
}
/** From the last `ERROR: ` to the end, without what buildx puts before the cause. */
function lastWords(rest) {
    const from = rest.findLastIndex(line => line.startsWith('ERROR: '));
    if (from === -1)
        return undefined;
    const text = rest
        .slice(from)
        .filter(line => !line.startsWith('View build details:'))
        .join('\n');
    return text.replace(/^ERROR: (failed to build: )?(failed to solve: )?/, '').trim();
}
/** A non-zero exit is red, whether or not somebody says why. */
function withoutWords({ exitCode, signal, rest }) {
    const how = exitCode === undefined ? `was ended by ${signal}` : `ended with exit code ${exitCode}`;
    const log = rest.filter(line => line.trim() !== '').slice(-20);
    const said = log.length === 0 ? 'wrote nothing' : 'gave no reason';
    return {
        reason: `docker buildx build ${how} and ${said}\nRun the build by hand, docker buildx build, and see that the docker on PATH is Docker's own.`,
        log,
        findings: [],
        outside: true,
        registry: undefined,
    };
}
function stepFailure({ failure }, words, dockerfile = 'the Dockerfile') {
    const step = failure === undefined ? '' : `${failure.name}: `;
    const [, code] = /^process ".*" did not complete successfully: exit code: (\d+)$/s.exec(words) ?? [];
    if (code !== undefined)
        return { message: `${step}exit code ${code}`, ...(code === '137' && { advice: [killed] }) };
    const [, target, meant = ''] = /^target stage "(.*)" could not be found( \(did you mean .*\?\))?$/.exec(words) ?? [];
    if (target !== undefined)
        return { message: `${dockerfile} has no stage ${target}${meant}: FROM … AS ${target} would name one` };
    const [, missing] = /failed to calculate checksum of ref \S+: "(.*)": not found$/.exec(words) ?? [];
    if (missing !== undefined)
        return { message: `${step}${missing} is not in the build context; .dockerignore may leave it out` };
    const [, remote, git] = /failed to fetch remote (\S+): git stderr:\n[\s\S]*fatal: (.*)/.exec(words) ?? [];
    if (git !== undefined)
        return { message: `can't fetch ${remote}: ${git}`, advice: [adviceForGit(git)] };
    if (/session-sharedkey.*non-printable ASCII/.test(words))
        return { message: unspeakable, advice: [otherName] };
    const [, right] = /(security\.insecure|network\.host) is not allowed/.exec(words) ?? [];
    if (right !== undefined)
        return { message: `${step}${right} is not allowed`, advice: [`Grant it to the build: allow: ${right}.`] };
    const [, context, folder] = /failed to get build context (\S+): stat (\S+): no such file or directory$/.exec(words) ?? [];
    if (context !== undefined)
        return { message: `build-contexts: there is no folder ${folder} for ${context}`, advice: [otherContext] };
    if (isBuilderGone(words))
        return { message: `${step}${words}`, advice: [gone] };
    return { message: `${step}${words}` };
}
const killed = 'It was killed: as a rule the builder has too little memory for it.';
// buildx gives the name in a header of HTTP (docker/buildx, build/opt.go, SharedKey).
const unspeakable = 'BuildKit takes no context whose folder has a name with other than ASCII letters';
const otherContext = 'Name a folder of the repository, docker-image://…, oci-layout://…, target:…, or a Git URL.';
const otherName = 'Rename the folder of the context, or check the repository out into another one.';
const gone = 'The builder went away or is full: see that Docker runs and has memory and disk left, then run again.';
/** What to do where Git can't fetch a context (moby/buildkit, source/git: its own words stand behind "git stderr"). */
function adviceForGit(said) {
    if (isGitAway(said))
        return "See that the builder's network reaches that host, then run again.";
    if (/could not read (Username|Password)|Authentication failed|Permission denied|error: 40[13]/.test(said))
        return "A private repository wants a token: github-token on GitHub's own host, the secret GIT_AUTH_TOKEN elsewhere.";
    return 'Look at the address, and at the branch, tag or commit behind its #.';
}
const isGitAway = (words) => /Could not resolve host|Failed to connect to|Connection (refused|timed out|reset)/.test(words);
const isUnfetched = (words) => words.includes('failed to fetch remote') && isGitAway(words);
const isBuilderGone = (words) => /failed to receive status|code = Unavailable|^Unavailable: |no space left on device|Cannot connect to the Docker daemon|no builder ".*" found/.test(words);
/** Words of BuildKit about a registry, or about a server that files are added from. */
const aboutRegistry = /failed to resolve source metadata|failed to push|failed to do request|unexpected status|failed to copy|failed open|pull access denied|invalid response status|failed to fetch|failed to load cache key/;
/** Never of a RUN: it may have done something that must not be done twice. */
const registryCause = (words, step) => aboutRegistry.test(words) && !/\] RUN /.test(step) && !/^process "/.test(words) ? causeOf(words) : undefined;
/** What the repository names wrongly. */
const isMistake = (cause) => ['not found', 'unknown repository', 'no access'].includes(cause);
/** A name that stands before the same with a digest: a source policy has put that in its place. */
const pinnedAt = /failed to resolve source metadata for (\S+): \1@(sha256:[0-9a-f]{64}): not found$/;
function registryFailure(words, step = '') {
    const [, name, digest] = pinnedAt.exec(words) ?? [];
    if (digest !== undefined)
        return { message: `can't pull ${name}@${digest}: not found`, advice: [unpin] };
    const [, pulled] = /failed to resolve source metadata for (\S+):/.exec(words) ?? /\] FROM (\S+)$/.exec(step) ?? [];
    const [, pushed] = /failed to push (\S+?):? /.exec(words) ?? [];
    const cause = words
        .replace(/^.*failed to resolve source metadata for \S+: /s, '')
        .replace(/^.*failed to push \S+ /s, '')
        .replace(/unexpected status from \w+ request to \S+: /, 'the registry answered ')
        .replace(/failed to do request: \w+ "\S+": /, '')
        .replace(/^\S+: not found$/, 'not found')
        .replaceAll('\n', ': ');
    const what = pushed === undefined ? `can't pull ${pulled ?? step}` : `can't push ${pushed}`;
    return { message: `${what}: ${cause}`, advice: [refusal_adviceFor(words, pushed === undefined ? 'pull' : 'push')] };
}
const unpin = 'pce.lock, or a source policy of your own, pins that digest, which the registry does not have: take the image out of it, build, and lock anew with pce lock run.json.';
/** The line `Dockerfile:3` above the rule of dashes. Of a Dockerfile that is not in the repository there is no place. */
function explain_placeOf(rest, dockerfile) {
    const rule = rest.findIndex(text => /^-{8,}$/.test(text.trim()));
    const [, file = '', line] = /^(\S.*):(\d+)$/.exec(rest[rule - 1] ?? '') ?? [];
    if (line === undefined || dockerfile === undefined || (0,external_node_path_.basename)(file) !== (0,external_node_path_.basename)(dockerfile))
        return undefined;
    return { file: dockerfile, line: Number(line) };
}
const findingOf = (message, location, log) => ({
    tool: 'buildkit',
    rule: 'build-failed',
    severity: 'high',
    message,
    ...(log.length > 0 && { detail: log.join('\n') }),
    location,
    blocking: true,
});

;// CONCATENATED MODULE: ./.build/src/build/materials.js


const provenanceSchema = schemas/* looseObject */._H3({
    materials: schemas/* array */.YOg(schemas/* looseObject */._H3({ uri: schemas/* string */.YjP(), digest: schemas/* looseObject */._H3({ sha256: schemas/* string */.YjP().optional() }) })),
});
/**
 * The images that provenance names, from what `--metadata-file` wrote, of a build or of each target of a bake. BuildKit's
 * steps don't tell the digest of an image that a named context has by its tag. Empty where the file is not there, or
 * buildx was told to leave provenance out.
 */
async function readMaterials(metadataFile) {
    const text = await (0,files/* readIfThere */.qC)(metadataFile);
    return text === undefined ? [] : materialsIn(JSON.parse(text));
}
/** Pure. `metadata` as buildx writes it (docker/buildx, docs/reference/buildx_build.md, "--metadata-file"). */
const materialsIn = (metadata) => [metadata, ...Object.values(metadata)].flatMap(one => {
    const provenance = provenanceSchema.safeParse(Object(one)['buildx.build.provenance']);
    return (provenance.data?.materials ?? []).flatMap(({ uri, digest: { sha256 } }) => {
        const image = materials_imageOf(uri);
        return image === undefined || sha256 === undefined ? [] : [{ image, digest: `sha256:${sha256}` }];
    });
});
/** `docker.io/library/debian:12` of `pkg:docker/debian@12?platform=…` (package-url/purl-spec, moby/buildkit, util/purl). */
function materials_imageOf(uri) {
    const [, path, tag = ''] = /^pkg:docker\/([^@?]+)@([^?]+)/.exec(uri) ?? [];
    // One that is named by its digest alone is pinned where it is named.
    if (path === undefined || decodeURIComponent(tag).includes(':'))
        return undefined;
    const name = decodeURIComponent(path);
    const [host = ''] = name.split('/', 1);
    if (name.includes('/') && (/[.:]/.test(host) || host === 'localhost'))
        return `${name}:${tag}`;
    return `docker.io/${name.includes('/') ? '' : 'library/'}${name}:${tag}`;
}

;// CONCATENATED MODULE: ./.build/src/build/status.js

/**
 * A line of `--progress=rawjson`: BuildKit's SolveStatus (moby/buildkit client/graph.go). Times are ISO 8601, log data
 * and words of warnings are base64, `current` is in bytes where bytes are moved. Unknown members are left alone.
 */
const statusSchema = schemas/* looseObject */._H3({
    vertexes: schemas/* array */.YOg(schemas/* looseObject */._H3({
        digest: schemas/* string */.YjP(),
        name: schemas/* string */.YjP(),
        started: schemas/* string */.YjP().optional(),
        completed: schemas/* string */.YjP().optional(),
        cached: schemas/* boolean */.zMY().optional(),
        error: schemas/* string */.YjP().optional(),
    }))
        .optional(),
    statuses: schemas/* array */.YOg(schemas/* looseObject */._H3({
        id: schemas/* string */.YjP(),
        vertex: schemas/* string */.YjP(),
        name: schemas/* string */.YjP().optional(),
        current: schemas/* number */.aig().optional(),
        completed: schemas/* string */.YjP().optional(),
    }))
        .optional(),
    logs: schemas/* array */.YOg(schemas/* looseObject */._H3({ vertex: schemas/* string */.YjP(), data: schemas/* string */.YjP().optional() })).optional(),
    warnings: schemas/* array */.YOg(schemas/* looseObject */._H3({
        short: schemas/* string */.YjP(),
        url: schemas/* string */.YjP().optional(),
        sourceInfo: schemas/* looseObject */._H3({ filename: schemas/* string */.YjP().optional() }).nullish(),
        range: schemas/* array */.YOg(schemas/* looseObject */._H3({ start: schemas/* looseObject */._H3({ line: schemas/* number */.aig().optional() }) })).nullish(),
    }))
        .optional(),
});
/** A line of progress; undefined for any other line. */
function parseStatus(line) {
    if (!line.startsWith('{'))
        return undefined;
    try {
        return statusSchema.parse(JSON.parse(line));
    }
    catch {
        return undefined;
    }
}

;// CONCATENATED MODULE: ./.build/src/build/progress.js


function createProgress() {
    const vertices = new Map();
    const logs = new Map();
    const moved = new Map();
    const warnings = new Map();
    const rest = [];
    return {
        read(line) {
            const status = parseStatus(line);
            if (status === undefined) {
                rest.push(line);
                return line.trim() === '' ? [] : [line];
            }
            const changes = (status.vertexes ?? []).flatMap(vertex => noteVertex(vertices, vertex));
            for (const told of status.statuses ?? [])
                moved.set(`${told.vertex} ${told.id}`, told);
            for (const told of status.warnings ?? [])
                noteWarning(warnings, told);
            return [...changes, ...(status.logs ?? []).flatMap(({ vertex, data }) => noteLog(logs, vertex, data ?? ''))];
        },
        get vertices() {
            const bytes = progress_bytesOf(moved.values());
            return [...vertices.values()].map(vertex => ({ ...vertex, ...defined({ bytes: bytes.get(vertex.digest) }) }));
        },
        get warnings() {
            return [...warnings.values()].sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
        },
        get failure() {
            const ended = [...vertices.values()].filter(({ error = 'canceled' }) => !/\bcanceled\b/.test(error));
            // A cache that can't be read ends no solve: as a rule nobody has written it yet.
            const failed = ended.find(({ name }) => (0,record_steps/* importedFrom */.NK)(name) === undefined) ?? ended[0];
            if (failed === undefined)
                return undefined;
            const log = (logs.get(failed.digest) ?? '').trimEnd();
            return { name: failed.name, error: failed.error ?? '', log: log === '' ? [] : log.split('\n').slice(-20) };
        },
        get asksFor() {
            const running = [...vertices.values()].filter(({ started, completed }) => started && completed === undefined);
            const asked = running.map(({ name }) => asksRegistry.exec(name)?.[1]);
            return asked.includes(undefined) ? undefined : asked[0];
        },
        rest,
    };
}
// Not the pull of layers itself: unpacking a large one may be silent for long.
const asksRegistry = /^(?:\[(?:(?:\S+ )?internal|context [^\]]+)\] load metadata for |resolve image config for docker-image:\/\/)(\S+)/;
function noteVertex(vertices, told) {
    const before = vertices.get(told.digest);
    const { digest, name, completed, error } = { ...before, ...told };
    // A step may start anew, a pull for each layer: it goes from the first start to the last end.
    const started = before?.started ?? told.started;
    const cached = told.cached ?? before?.cached ?? false;
    const vertex = { digest, name, cached, ...defined({ started, completed, error: error === '' ? undefined : error }) };
    vertices.set(digest, vertex);
    if (completed === undefined || before?.completed !== undefined)
        return [];
    return [`${cached ? 'CACHED' : error ? 'ERROR' : 'DONE'} ${secondsOf(vertex)}${name}`];
}
function noteLog(logs, vertex, data) {
    const text = decode(data);
    logs.set(vertex, ((logs.get(vertex) ?? '') + text).slice(-20_000));
    return text.trimEnd().split('\n');
}
/** `FromAsCasing: 'as' and 'FROM' … do not match (line 1)`; of several places the first is named. */
function noteWarning(warnings, { short, url, sourceInfo, range }) {
    const text = decode(short).trim();
    const [, rule = 'Warning', message = text] = /^([A-Z]\w+): (.*)$/s.exec(text) ?? [];
    const warning = {
        rule,
        message: message.replace(/ \(line \d+\)$/, ''),
        file: sourceInfo?.filename,
        line: range?.[0]?.start.line,
        url,
    };
    warnings.set(JSON.stringify(warning), warning);
}
/** What each vertex moved: files to the builder (`transferring context:`), layers from a registry (`sha256:…`). */
function progress_bytesOf(moved) {
    const sums = new Map();
    for (const { id, vertex, current = 0 } of moved)
        if (current > 0 && /^(transferring |sha256:)/.test(id))
            sums.set(vertex, (sums.get(vertex) ?? 0) + current);
    return sums;
}
const decode = (base64) => Buffer.from(base64, 'base64').toString('utf8');
function secondsOf({ started, completed, cached }) {
    if (cached || started === undefined || completed === undefined)
        return '';
    return `${((Date.parse(completed) - Date.parse(started)) / 1000).toFixed(1)}s `;
}
const defined = (value) => Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined));

;// CONCATENATED MODULE: ./.build/src/build/solve.js








/**
 * Runs `docker buildx build` with `--progress=rawjson` and tells people what it says. What a registry or the way to it
 * spoilt is tried again, as long as no step of the user has failed: BuildKit has kept the steps that are done.
 */
async function solve(program, solving) {
    const { dockerfile, scope, metadataFile, silence = 120_000 } = solving;
    const tried = [];
    const last = await withRetry(program.title, {
        async attempt() {
            const end = await runOnce(program, { dockerfile, scope, silence });
            tried.push(end.progress);
            return end;
        },
        causeOf: ({ failure, progress }) => (progress.vertices.some(isFailedRun) ? undefined : failure?.registry),
    }, scope);
    const vertices = mergeVertices(tried.map(progress => progress.vertices));
    const hasEnded = last.failure === undefined && metadataFile !== undefined;
    const bases = basesOf(vertices, hasEnded ? await readMaterials(metadataFile) : []);
    const lock = await (0,build_lock/* readLock */.mF)(scope.context);
    const warnings = [
        ...findingsOf(last.progress.warnings, dockerfile),
        ...(lock === undefined ? [] : unlockedIn(bases, lock)),
    ];
    if (last.failure === undefined)
        return { vertices, bases, findings: warnings };
    scope.say(last.failure.reason);
    return { failure: badEnd(last.failure), vertices, bases, findings: [...last.failure.findings, ...warnings] };
}
async function runOnce(program, { dockerfile, scope, silence }) {
    const progress = createProgress();
    const limit = new AbortController();
    let heard = Date.now();
    const timer = setInterval(() => {
        const { asksFor } = progress;
        if (asksFor !== undefined && Date.now() - heard >= silence)
            limit.abort(solve_silent(asksFor, silence));
    }, silence / 20);
    const say = (line) => {
        heard = Date.now();
        for (const text of progress.read(line))
            scope.say(text);
    };
    try {
        const end = await (0,run/* runProgram */.mB)({ ...program, say, signal: AbortSignal.any([scope.signal, limit.signal]) });
        if (end.exitCode === 0)
            return { progress, failure: undefined };
        const { failure, rest } = progress;
        return { progress, failure: explainFailure({ ...end, failure, rest }, dockerfile) };
    }
    catch (error) {
        if (scope.signal.aborted || !limit.signal.aborted)
            throw error;
        return { progress, failure: limit.signal.reason };
    }
    finally {
        clearInterval(timer);
    }
}
/** The failure of a solve that was ended since a registry did not say a thing about an image. */
function solve_silent(image, silence) {
    const error = `failed to resolve source metadata for ${image}: the registry said nothing for ${silence / 1000} s`;
    const failure = { name: image, error, log: [] };
    return explainFailure({ exitCode: undefined, signal: undefined, failure, rest: [] }, undefined);
}
const isFailedRun = ({ name, error = '' }) => error !== '' && /\] RUN /.test(name) && !/\bcanceled\b/.test(error);
function badEnd({ reason, log, outside }) {
    const told = [reason, ...log].join('\n');
    return outside ? { status: 'broken', fault: { kind: 'outside', message: told } } : { status: 'failed', reason: told };
}
/**
 * Of several tries: what one has done the next finds done, and it was done. By name, since the digest of a step says
 * from which session its files came.
 */
const mergeVertices = (tries) => tries.reduce((before, after) => {
    const done = before.filter(({ completed, error }) => completed !== undefined && error === undefined);
    const names = new Set(done.map(({ name }) => name));
    return [...done, ...after.filter(({ name }) => !names.has(name))];
}, []);

;// CONCATENATED MODULE: ./.build/src/build/build.js
var build_addDisposableResource = (undefined && undefined.__addDisposableResource) || function (env, value, async) {
    if (value !== null && value !== void 0) {
        if (typeof value !== "object" && typeof value !== "function") throw new TypeError("Object expected.");
        var dispose, inner;
        if (async) {
            if (!Symbol.asyncDispose) throw new TypeError("Symbol.asyncDispose is not defined.");
            dispose = value[Symbol.asyncDispose];
        }
        if (dispose === void 0) {
            if (!Symbol.dispose) throw new TypeError("Symbol.dispose is not defined.");
            dispose = value[Symbol.dispose];
            if (async) inner = dispose;
        }
        if (typeof dispose !== "function") throw new TypeError("Object not disposable.");
        if (inner) dispose = function() { try { inner.call(this); } catch (e) { return Promise.reject(e); } };
        env.stack.push({ value: value, dispose: dispose, async: async });
    }
    else if (async) {
        env.stack.push({ async: true });
    }
    return value;
};
var build_disposeResources = (undefined && undefined.__disposeResources) || (function (SuppressedError) {
    return function (env) {
        function fail(e) {
            env.error = env.hasError ? new SuppressedError(e, env.error, "An error was suppressed during disposal.") : e;
            env.hasError = true;
        }
        var r, s = 0;
        function next() {
            while (r = env.stack.pop()) {
                try {
                    if (!r.async && s === 1) return s = 0, env.stack.push(r), Promise.resolve().then(next);
                    if (r.dispose) {
                        var result = r.dispose.call(r.value);
                        if (r.async) return s |= 2, Promise.resolve(result).then(next, function(e) { fail(e); return next(); });
                    }
                    else s |= 1;
                }
                catch (e) {
                    fail(e);
                }
            }
            if (s === 1) return env.hasError ? Promise.reject(env.error) : Promise.resolve();
            if (env.hasError) throw env.error;
        }
        return next();
    };
})(typeof SuppressedError === "function" ? SuppressedError : function (error, suppressed, message) {
    var e = new Error(message);
    return e.name = "SuppressedError", e.error = error, e.suppressed = suppressed, e;
});


























/** Builds one target for one platform and stages it by digest. A build that fails is a value with the reason. */
async function buildImage(build, where, scope) {
    const env_1 = { stack: [], error: void 0, hasError: false };
    try {
        checkContext(build, scope);
        const place = build_placeOf(build, where, scope);
        // Its own: another process may build the same in this run.
        const metadataFile = `${place.metadataFile}.${(0,external_node_crypto_.randomBytes)(4).toString('hex')}`;
        await (0,promises_.mkdir)((0,external_node_path_.dirname)(metadataFile), { recursive: true });
        const contexts = build_addDisposableResource(env_1, await openNormalContexts(await (0,context/* resolveContexts */.f)(build.config, scope), scope), true);
        const { config, env, values } = await (0,build_secrets/* openSecrets */.cA)(contexts.config, scope);
        const isChecked = build.ships && config.reproducible === 'check';
        const asked = { ...build, config: isChecked ? withoutCache(config) : config };
        const dockerfile = (0,build_config/* isRemote */.Vx)(build.config.context) ? undefined : dockerfileOf(build.config);
        const cache = await openCache([build], where.builder.stages !== 'layout', scope);
        for (const line of cache.why)
            scope.say(line);
        const given = { ...env, ...cache.env, ...(await lockedEnv(scope)) };
        const inlineCache = cache.plans.some(({ inline }) => inline);
        const attempt = ([cacheFrom = []] = []) => {
            const argv = planBuild(asked, { ...place, metadataFile, cacheFrom, inlineCache });
            return solve(programOf(build, argv, { scope, env: given }), { dockerfile, scope, metadataFile });
        };
        const readStaged = async () => stagedImage(build, { ...place, metadata: JSON.parse(await (0,promises_.readFile)(metadataFile, 'utf8')) }, scope);
        const { failure, ...evidence } = await solveCached(cache, { akin: akinTo(build, where), attempt }, scope);
        if (failure !== undefined)
            return { ...failure, ...evidence };
        const image = await readStaged();
        const leaks = await findLeaks(image, values, scope);
        if (leaks.length > 0)
            return { status: 'failed', reason: leakMessage(leaks), ...evidence };
        scope.say(`Staged ${(0,record_image/* referenceOf */.Bz)(image)} (${image.platform})`);
        if (isChecked) {
            const again = await attempt();
            if (again.failure !== undefined)
                return { ...again.failure, ...evidence };
            const reason = await compare(image, await readStaged(), scope);
            if (reason !== undefined)
                return { status: 'failed', reason, ...evidence };
        }
        await (0,promises_.rename)(metadataFile, place.metadataFile);
        return { value: image, ...evidence, images: build.ships ? [image] : [] };
    }
    catch (e_1) {
        env_1.error = e_1;
        env_1.hasError = true;
    }
    finally {
        const result_1 = build_disposeResources(env_1);
        if (result_1)
            await result_1;
    }
}
/** How an image differs from the same one built again; undefined where it does not. */
async function compare(image, again, scope) {
    const reason = whyNotReproducible(image, again, await differencesOf(image, again, scope.signal));
    if (reason === undefined)
        scope.say(`Built twice without cache, with one digest: ${image.digest}`);
    return reason;
}
/** Builds of one Dockerfile share steps; on other nodes those of another platform share none. */
const akinTo = ({ config, platform }, { builder: { driver } }) => JSON.stringify([config.context, dockerfileOf(config), /^docker(-container)?$/.test(driver) ? '' : platform]);
function checkContext({ config }, { context }) {
    // What BuildKit fetches by itself can't be looked at from here.
    if ((0,build_config/* isRemote */.Vx)(config.context))
        return;
    const folder = (0,external_node_path_.join)(context, config.context);
    if (!(0,external_node_fs_.existsSync)(folder))
        throw new errors/* UserError */.yo(`build.context: there is no folder ${folder}`);
    const file = dockerfileOf(config);
    if ((0,external_node_fs_.existsSync)((0,external_node_path_.join)(context, file)))
        return;
    throw new errors/* UserError */.yo(`build.file: there is no ${file} in ${context}\nName the Dockerfile: input file, in pce.yml build.file.`);
}
/** Where builders that can't reach staging write their images. */
const layoutsOf = ({ directory }) => (0,external_node_path_.join)(directory, 'layouts');
function build_placeOf(build, { builder, staging }, { run, rights }) {
    const parts = [build.name, build.target ?? 'default', build.platform];
    const file = (0,output/* solveName */.BT)(...parts);
    const repository = `${staging.host}/${build.image}`;
    const stage = {
        stages: builder.stages,
        repository,
        tag: (0,output/* stagingTag */.al)(run, parts),
        layout: (0,external_node_path_.join)(layoutsOf(run), file),
    };
    return {
        builder: builder.name,
        repository,
        stage,
        output: (0,output/* stagingOutput */.zo)(stage),
        metadataFile: (0,external_node_path_.join)(run.directory, 'metadata', `${file}.json`),
        // What never leaves staging needs no provenance.
        attestations: attestFlags(build.ships ? build.config : {}, {
            isPublic: (0,job/* isPublic */.Ul)(rights),
            run: (0,job/* addressOfRun */.NP)(rights),
        }),
    };
}
const programOf = (build, argv, { scope, env }) => ({
    title: `Build ${build.name}`,
    argv,
    cwd: scope.context,
    env: { ...scope.env, ...env },
    signal: scope.signal,
});
// docker/buildx, docs/reference/buildx_build.md, "--metadata-file": with attestations the digest is that of an index.
const metadataSchema = schemas/* looseObject */._H3({
    'containerimage.digest': record_image/* digestSchema */.er,
    'containerimage.descriptor': schemas/* looseObject */._H3({ mediaType: schemas/* string */.YjP() }).optional(),
});
/** What a solve staged. `written` is what buildx wrote about it, `stage` how it comes to staging, where it is not there. */
async function stagedImage(build, { repository, metadata: written, stage }, scope) {
    const metadata = metadataSchema.parse(written);
    const made = { repository, digest: metadata['containerimage.digest'] };
    if (stage !== undefined)
        await bringIn(stage, made.digest, scope);
    const isIndex = isIndexType(metadata['containerimage.descriptor']?.mediaType ?? '');
    const { digest, attestations } = isIndex
        ? splitIndex(await readIndex(made, scope.signal))
        : { digest: made.digest, attestations: [] };
    const source = { repository, digest };
    const [{ config }, { os, architecture, variant }] = await Promise.all([
        readManifest(source, scope.signal),
        readConfiguration(source, scope.signal),
    ]);
    const platform = [os, architecture, ...(variant === undefined ? [] : [variant])].join('/');
    return {
        name: build.name,
        target: build.target ?? '',
        platform,
        ...source,
        config: config.digest,
        ...(attestations.length > 0 && { attestations: [...attestations] }),
    };
}

;// CONCATENATED MODULE: ./.build/src/build/ssh.js

/** ms until an address behind ssh must have answered: as long as buildx itself tries, which then does not say why. */
const ssh_usual = 20_000;
/** What a client says first: HTTP/2 with settings that change nothing (RFC 9113, 3.4); the engine's own ping. */
const hello = {
    buildkitd: 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0',
    docker: 'GET /_ping HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n\r\n',
};
/**
 * Pure: the program with which an address `ssh://user@host:port/socket` is reached, as buildx starts it (moby/buildkit,
 * client/connhelper/ssh; docker/cli, cli/connhelper); undefined for any other address.
 */
function sshArgv(endpoint, speaks) {
    if (!endpoint.startsWith('ssh://') || !URL.canParse(endpoint))
        return undefined;
    const { username, hostname, port, pathname } = new URL(endpoint);
    const socket = pathname === '' || pathname === '/' ? undefined : `unix://${pathname}`;
    const far = {
        buildkitd: ['buildctl', ...(socket === undefined ? [] : ['--addr', socket]), 'dial-stdio'],
        docker: ['docker', ...(socket === undefined ? [] : ['--host', socket]), 'system', 'dial-stdio'],
    };
    const user = username === '' ? [] : ['-l', decodeURIComponent(username)];
    return ['ssh', ...user, ...(port === '' ? [] : ['-p', port]), '--', hostname.replace(/^\[|\]$/g, ''), ...far[speaks]];
}
/**
 * Why nobody answers behind ssh; undefined when somebody does, or the address is another one.
 * @throws OutsideError where there is no ssh
 */
async function whySilentBySsh(endpoint, speaks, { env, signal, patience = ssh_usual }) {
    const argv = sshArgv(endpoint, speaks);
    if (argv === undefined)
        return undefined;
    const limit = AbortSignal.timeout(patience);
    try {
        const program = { title: 'Reach the builder', argv, env, input: hello[speaks] };
        const { stdout, stderr } = await (0,run/* runProgram */.mB)({ ...program, signal: AbortSignal.any([signal, limit]) });
        return stdout === '' ? lastLine(stderr) || 'it ended without a word' : undefined;
    }
    catch (error) {
        if (signal.aborted || !limit.aborted)
            throw error;
        return `no answer within ${patience / 1000} s`;
    }
}
const lastLine = (text) => text.trim().split('\n').at(-1)?.trim() ?? '';

;// CONCATENATED MODULE: ./.build/src/build/advice.js

/** Pure: what to do about a builder that can't be made or reached. */
function advice_adviceFor({ driver, said, endpoint = 'the builder' }) {
    if (/no builder .* found/.test(said))
        return 'docker buildx ls names those that there are.';
    const far = sshArgv(endpoint, driver === 'remote' ? 'buildkitd' : 'docker');
    if (far !== undefined)
        return adviceForSsh(far, said, endpoint);
    if (/x509|\bcert|tls|ssl|alert/i.test(said))
        return `See that builder.cacert signed the certificate of ${endpoint}, that builder.cert and key are signed by the authority which it trusts, and that builder.servername, else the host, is a name in its certificate.`;
    if (driver === 'remote')
        return `See that buildkitd runs there, listens on ${endpoint} (buildkitd --addr …), and lets this machine connect.`;
    if (driver === 'kubernetes')
        return 'See that kubectl reaches the cluster from here, and that its user may create deployments and run programs in pods.';
    return 'See that the engine may pull the image of BuildKit (builder.image names others) and run privileged containers.';
}
/** By what ssh says (OpenSSH), or the program on the far side. */
function adviceForSsh(argv, said, endpoint) {
    const { hostname, port, pathname } = new URL(endpoint);
    const found = argv.find(word => /^(buildctl|docker)$/.test(word));
    if (/Host key verification failed|REMOTE HOST IDENTIFICATION HAS CHANGED/i.test(said))
        return `Compare the host's key with what its owner says, and put it into ~/.ssh/known_hosts: ssh-keyscan ${port === '' ? '' : `-p ${port} `}${hostname}`;
    if (/Permission denied|Too many authentication failures/i.test(said))
        return `See that a key which ssh offers here (ssh-add -l, IdentityFile in ~/.ssh/config) is in ~/.ssh/authorized_keys of that user on ${hostname}.`;
    if (/not found/i.test(said) && found !== undefined && said.includes(found))
        return `Install ${found} on ${hostname}, on the PATH of commands that come by ssh.`;
    if (/\.sock|dial unix|no such file/i.test(said))
        return `See that its daemon runs on ${hostname}, and listens on ${pathname.length > 1 ? pathname : "its program's usual socket (ssh://user@host/path/of.sock names another)"}.`;
    return `See that \`${argv.join(' ')}\` works from here without a question.`;
}

// EXTERNAL MODULE: ./.build/src/build/builder-config.js
var builder_config = __webpack_require__(91186);
;// CONCATENATED MODULE: ./.build/src/build/choose.js


const called = { docker: 'the engine’s own', remote: 'remote', kubernetes: 'kubernetes' };
/**
 * Pure: which builder serves, and why, in one line. @throws UserError when the one that is asked for can't: the engine's
 * own with the classic image store.
 */
function chooseBuilder({ store }, { config, ...wish }) {
    const { driver, name, endpoint } = config;
    // The engine's own builder has no setting for it, other than in its daemon.json.
    const needs = [
        ...wish.needs,
        ...wish.allow.filter(right => right === 'security.insecure').map(right => `build.allow: ${right}`),
    ];
    if (name !== undefined)
        return { driver: 'existing', why: `${name}, as builder.name says` };
    if (driver === 'docker')
        return chooseOwn(store, needs);
    if (driver !== 'auto') {
        const where = endpoint === undefined ? '' : ` on ${endpoint}`;
        return { driver, why: `${driver === 'docker-container' ? driver : called[driver]}${where}, as builder.driver says` };
    }
    const [needed] = [...builder_config/* containerKeys */.Ap.filter(key => (0,builder_config/* isGiven */.qR)(config, key)).map(key => `builder.${key}`), ...needs];
    if (needed !== undefined)
        return { driver: 'docker-container', why: `docker-container, since ${needed} asks for more than the engine’s own` };
    return store === 'containerd'
        ? { driver: 'docker', why: `${called.docker} (containerd image store)` }
        : { driver: 'docker-container', why: 'docker-container, since the engine has the classic image store' };
}
function chooseOwn(store, [needed]) {
    const other = 'Leave builder.driver out, or set it to docker-container.';
    if (store === 'classic')
        throw new errors/* UserError */.yo(`builder.driver: docker can't stage an image: this engine has the classic image store\n${other} Or give the engine the containerd image store: "features": { "containerd-snapshotter": true } in its daemon.json.`);
    if (needed !== undefined)
        throw new errors/* UserError */.yo(`builder.driver: docker can't do what ${needed} asks for\n${other}`);
    return { driver: 'docker', why: `${called.docker}, as builder.driver says` };
}

;// CONCATENATED MODULE: ./.build/src/build/create.js



/** The nodes of a builder, the first one included. */
const nodesOf = (config) => [
    { 'driver-opts': config['driver-opts'], platforms: [], endpoint: config.endpoint },
    ...config.append,
];
/** Pure: argv, without `docker`, for each node of the builder; the last one boots them all. */
const planCreate = (creation, run) => nodesOf(creation.config).map((node, index, all) => [
    'buildx',
    'create',
    '--name',
    (0,run_run/* projectOf */.v8)(run.id),
    ...(index === 0 ? [] : ['--append']),
    ...(node.name === undefined ? [] : ['--node', node.name]),
    '--driver',
    creation.driver,
    ...node.platforms.flatMap(platform => ['--platform', platform]),
    ...driverOptionsOf(creation, { node, index, run }).flatMap(option => ['--driver-opt', option]),
    ...daemonOptionsOf(creation),
    ...(index === all.length - 1 ? ['--bootstrap'] : []),
    ...(node.endpoint === undefined ? [] : [node.endpoint]),
]);
/** Each option is one record of CSV: the user's are as they were given, since buildx's own syntax is theirs. */
function driverOptionsOf({ driver, image, tls }, { node, index, run }) {
    const given = (0,csv/* optionsIn */.I)(node['driver-opts']);
    const own = {
        'docker-container': [...(given.network === undefined ? ['network=host'] : []), ...marksOf(run)],
        remote: Object.entries(tls[index] ?? {}).flatMap(([name, value]) => value === undefined ? [] : [(0,csv/* csvOf */.Q)([`${name}=${value}`])]),
        kubernetes: [],
    };
    const other = index > 0 && given.image !== undefined ? undefined : image;
    return [
        ...(other === undefined || given.image !== undefined ? [] : [`image=${other}`]),
        ...own[driver],
        ...node['driver-opts'],
        // The last one of a name counts.
        ...(other === undefined || given.image === undefined || given.image === other ? [] : [`image=${other}`]),
    ];
}
/** A builder's container can carry no label; these name its run. */
const marksOf = ({ id, directory }) => [
    `env.PCE_RUN=${id}`,
    `env.PCE_BASE=${(0,run_run/* markOf */.Fg)((0,external_node_path_.dirname)(directory))}`,
];
function daemonOptionsOf({ driver, config, allow, daemonFile }) {
    const rights = driver === 'remote' ? [] : allow.map(right => `--allow-insecure-entitlement ${right}`);
    const flags = config['buildkitd-flags'] ?? rights.join(' ');
    return [
        ...(flags === '' ? [] : ['--buildkitd-flags', flags]),
        ...(daemonFile === undefined ? [] : ['--buildkitd-config', daemonFile]),
    ];
}

;// CONCATENATED MODULE: ./.build/src/build/images.js
/**
 * Images that a builder is made of, by digest: the bytes are the same wherever they come from, so Google's mirror of
 * Docker Hub serves as well where Docker Hub does not answer or limits requests. Without a tag, since buildx would else
 * check a signature over the network.
 */
const pinned = (repository, digest) => ['', 'mirror.gcr.io/'].map(host => `${host}${repository}@sha256:${digest}`);
/** buildx-stable-1 as it was at v0.33.1; last, as it is now: a builder of another version rather than none. */
const buildkitImages = [
    ...pinned('moby/buildkit', 'cec9f139f45e93c5c69c60f8b07cfad9f43f4ef6b6a6cd917527fea5ff2e3dea'),
    'moby/buildkit:buildx-stable-1',
];
/**
 * Pure: images of BuildKit that the user gave, each at the digest of the lock, if that was written with one of them by
 * that tag: another tag is another wish. What has a digest of its own keeps it.
 */
const lockedImages = (images, locked) => locked !== undefined && images.some(image => familiar(image) === familiar(images_nameOf(locked)))
    ? images.map(image => (image.includes('@') ? image : `${image}@${nameAndDigest(locked)[1]}`))
    : images;
/** Pure: `mirror.gcr.io/moby/buildkit@sha256:…`: another repository, with the digest of the lock. */
const withDigestOf = (locked, image) => `${images_nameOf(image).replace(/:[^/:]+$/, '')}@${nameAndDigest(locked)[1]}`;
const nameAndDigest = (image) => image.split('@', 2);
const images_nameOf = (image) => nameAndDigest(image)[0] ?? image;
/** As people write it: without Docker Hub's host, and `:latest`. */
const familiar = (image) => image.replace(/^docker\.io\//, '').replace(/:latest$/, '');
/** qemu-v10.2.3: registers QEMU with the kernel. No other than the pinned one, since it runs with all rights. */
const binfmtImages = pinned('tonistiigi/binfmt', '400a4873b838d1b89194d982c45e5fb3cda4593fbfd7e08a02e76b03b21166f0');

;// CONCATENATED MODULE: ./.build/src/build/emulation.js


/**
 * Pure: which of the asked platforms QEMU has to do. @throws UserError for one that nobody can build, with what to run.
 */
function planEmulation({ platforms, qemu, onGitHub }, facts) {
    const foreign = platforms.filter(platform => platform !== 'native' && !covers(facts.native, platform));
    const missing = foreign.filter(platform => !covers(facts.emulated, platform));
    if (qemu === false && foreign.length > 0)
        throw emulation_refusal(foreign, `builder.qemu is false`, facts);
    if (missing.length > 0 && !(facts.installable && mayInstall({ qemu, onGitHub })))
        throw emulation_refusal(missing, 'there is no QEMU for it', facts);
    return { install: missing, warnings: foreign.map(platform => warningOf(platform, facts)) };
}
/** Whether QEMU may be installed unasked: a machine of GitHub's is thrown away afterwards, a user's own is not. */
const mayInstall = ({ qemu, onGitHub }) => qemu === true || (qemu === 'auto' && onGitHub);
const covers = (known, platform) => known.some(one => emulation_plain(one) === emulation_plain(platform));
/** `linux/arm64/v8` is `linux/arm64`, and levels of amd64 are no platforms of their own. */
const emulation_plain = (platform) => platform.replace(/^(\w+\/(?:amd64|arm64))\/v\d+$/, '$1');
const warningOf = (platform, { native }) => `${platform} is emulated by QEMU (native here: ${listOf(native)}): steps that compile take ten times as long, and more. A job on a native runner (GitHub has ubuntu-24.04-arm) or a node with that platform (builder.append) does without.`;
function emulation_refusal(missing, why, { native, installable }) {
    const [binfmt] = binfmtImages;
    const install = installable
        ? `Run docker run --privileged --rm ${binfmt} --install ${architecturesOf(missing)}, or set builder.qemu: true to have that done. Or build`
        : 'Build';
    return new errors/* UserError */.yo(`platforms: ${listOf(missing)} can't be built: no node of the builder has it (native: ${listOf(native)}), and ${why}\n${install} it in a job on a native runner, or add a node that has it: builder: { append: [{ endpoint: …, platforms: [${listOf(missing)}] }] }.`);
}
const listOf = (platforms) => platforms.join(', ') || 'unknown';
/** What binfmt calls platforms: `arm64,arm`. */
const architecturesOf = (platforms) => [...new Set(platforms.map(platform => platform.split('/')[1] ?? platform))].join(',');
/** QEMU's names of architectures, which handlers have in the kernel's table (docs.kernel.org, "binfmt-misc"). */
const handlers = {
    amd64: 'x86_64',
    arm64: 'aarch64',
    '386': 'i386',
    mips64le: 'mips64el',
};
/** `qemu-aarch64` for `linux/arm64`: the file of its handler. */
function handlerOf(platform) {
    const [, architecture = ''] = platform.split('/');
    return `qemu-${handlers[architecture] ?? architecture}`;
}

;// CONCATENATED MODULE: ./.build/src/build/inspect.js
/** Pure: reads the text of `docker buildx inspect`: a block of `Key: value` lines, then one for each node. */
function parseInspect(text) {
    const [head = '', ...nodes] = text.split(/^Name:\s*/m).slice(1);
    return { driver: fieldOf(head, 'Driver') ?? '', nodes: nodes.map(nodeOf) };
}
function nodeOf(block) {
    const listed = (fieldOf(block, 'Platforms') ?? '').split(/,\s*/).filter(Boolean);
    const own = listed.find(platform => !platform.endsWith('*'));
    return {
        name: block.split('\n', 1)[0]?.trim() ?? '',
        endpoint: fieldOf(block, 'Endpoint') ?? '',
        options: inspect_optionsOf(fieldOf(block, 'Driver Options') ?? ''),
        error: fieldOf(block, 'Error'),
        version: fieldOf(block, 'BuildKit version'),
        platforms: listed.map(inspect_plain),
        native: [...listed.filter(platform => platform.endsWith('*')), ...(own === undefined ? [] : [own])].map(inspect_plain),
    };
}
const inspect_plain = (platform) => platform.replace(/\*$/, '');
const fieldOf = (block, key) => new RegExp(`^${key}:[ \\t]*(.+)$`, 'm').exec(block)?.[1]?.trim();
/** `env.NO_PROXY="a b" network="host"`: values are quoted as Go quotes text. */
function inspect_optionsOf(text) {
    const pairs = [...text.matchAll(/([\w.-]+)="((?:[^"\\]|\\.)*)"/g)];
    return Object.fromEntries(pairs.map(([, name = '', value = '']) => [name, value]));
}

// EXTERNAL MODULE: ./node_modules/smol-toml/dist/index.js + 8 modules
var smol_toml_dist = __webpack_require__(3292);
;// CONCATENATED MODULE: ./.build/src/build/buildx-folder.js




const defaultFile = 'buildkitd.default.toml';
/** Where buildx keeps what it knows (docs.docker.com, "Build variables", BUILDX_CONFIG). */
const buildx_folder_folderOf = ({ BUILDX_CONFIG, DOCKER_CONFIG, HOME }) => BUILDX_CONFIG || (0,external_node_path_.join)(DOCKER_CONFIG || (0,external_node_path_.join)(HOME || (0,external_node_os_.homedir)(), '.docker'), 'buildx');
/** The file that buildx gives to each builder that names no other (docs.docker.com, "Configure BuildKit"). */
const readDefaultConfig = (env) => (0,files/* readIfThere */.qC)((0,external_node_path_.join)(buildx_folder_folderOf(env), defaultFile));
/**
 * The environment in which a remote builder can be made. buildx gives it the default file too, and then says that a
 * remote builder takes none: where there is such a file, this is a folder with all that buildx has but that.
 */
async function withoutDefaultConfig({ run, env }) {
    const folder = buildx_folder_folderOf(env);
    if ((await readDefaultConfig(env)) === undefined)
        return env;
    const shadow = (0,external_node_path_.join)(run.directory, 'private', 'buildx');
    await (0,promises_.rm)(shadow, { recursive: true, force: true });
    await (0,promises_.mkdir)(shadow, { recursive: true });
    await (0,promises_.mkdir)((0,external_node_path_.join)(folder, 'instances'), { recursive: true });
    for (const name of await (0,promises_.readdir)(folder)) {
        if (name !== defaultFile)
            await (0,promises_.symlink)((0,external_node_path_.join)(folder, name), (0,external_node_path_.join)(shadow, name));
    }
    return { ...env, BUILDX_CONFIG: shadow };
}

;// CONCATENATED MODULE: ./.build/src/build/buildkitd.js





/**
 * The configuration of the BuildKit daemon (moby/buildkit, docs/buildkitd.toml.md); undefined where none is asked for,
 * and buildx takes its own default. The file or text of the user stands in that default's place; plain keys are added to
 * whichever there is. @throws UserError for a file that can't be read, and for what is no TOML, with its place.
 */
async function daemonConfig(config, scope) {
    const [own, plain] = [await ownConfig(config, scope.context), plainConfig(config, scope.context)];
    if (own === undefined && Object.keys(plain).length === 0)
        return undefined;
    const base = own ?? { text: (await readDefaultConfig(scope.env)) ?? '', name: 'buildkitd.default.toml of buildx' };
    return (0,smol_toml_dist/* stringify */.As)(merge(parseToml(base), plain));
}
async function ownConfig(config, context) {
    const inline = config['buildkitd-config-inline'];
    if (inline !== undefined)
        return { text: inline, name: 'builder.buildkitd-config-inline' };
    const path = config['buildkitd-config'];
    if (path === undefined)
        return undefined;
    const text = await (0,promises_.readFile)((0,external_node_path_.join)(context, path), 'utf8').catch((cause) => {
        throw new errors/* UserError */.yo(`builder.buildkitd-config: ${path} can't be read in ${context}`, { cause });
    });
    return { text, name: `builder.buildkitd-config: ${path}` };
}
function parseToml({ text, name }) {
    try {
        return (0,smol_toml_dist/* parse */.qg)(text);
    }
    catch (cause) {
        const reason = cause instanceof Error ? cause.message.split('\n', 1)[0] : String(cause);
        throw new errors/* UserError */.yo(`${name} is no TOML: ${reason}`, { cause });
    }
}
/** Pure: what the plain keys say. Paths are made absolute: buildx copies the files into the builder. */
function plainConfig(config, context) {
    const hosts = [...new Set([...Object.keys(config.mirrors), ...Object.keys(config.ca)])];
    const registry = hosts.map((host) => [host, registryOf(host, config, context)]);
    const worker = {
        ...(config['max-parallelism'] === undefined ? {} : { 'max-parallelism': config['max-parallelism'] }),
        ...(config['keep-storage'] === undefined ? {} : { gc: true, maxUsedSpace: config['keep-storage'] }),
    };
    return {
        ...(registry.length === 0 ? {} : { registry: Object.fromEntries(registry) }),
        ...(Object.keys(worker).length === 0 ? {} : { worker: { oci: worker } }),
    };
}
function registryOf(host, { mirrors, ca }, context) {
    const file = ca[host];
    return {
        ...(mirrors[host] === undefined ? {} : { mirrors: mirrors[host] }),
        ...(file === undefined ? {} : { ca: [(0,external_node_path_.isAbsolute)(file) ? file : (0,external_node_path_.join)(context, file)] }),
    };
}
function merge(base, over) {
    const merged = Object.entries(over).map(([key, value]) => {
        const before = base[key];
        return [key, isTable(before) && isTable(value) ? merge(before, value) : value];
    });
    return { ...base, ...Object.fromEntries(merged) };
}
const isTable = (value) => typeof value === 'object' && !Array.isArray(value) && !(value instanceof Date);

// EXTERNAL MODULE: external "node:net"
var external_node_net_ = __webpack_require__(77030);
// EXTERNAL MODULE: external "node:tls"
var external_node_tls_ = __webpack_require__(41692);
;// CONCATENATED MODULE: ./.build/src/build/reach.js



/** ms until a builder must have answered: it does so in a few, or not at all. */
const reach_patience = 10_000;
/** What a client of HTTP/2 says first (RFC 9113, 3.4): the preface, and settings that change nothing. */
const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0', 'latin1');
/**
 * Why a remote builder can't be talked to; undefined when it answers, or is behind a program such as ssh. buildx itself
 * tries for 20 s whatever is wrong, and then says "context deadline exceeded".
 */
async function whyUnreachable(endpoint, tls, signal) {
    const open = await openerOf(endpoint, tls);
    return open === undefined ? undefined : await new Promise(resolve => talk(open(), { resolve, tls, signal }));
}
async function openerOf(endpoint, tls) {
    if (endpoint.startsWith('unix://'))
        return () => (0,external_node_net_.connect)(endpoint.slice(7));
    const { hostname, port, protocol } = URL.canParse(endpoint) ? new URL(endpoint) : new URL('none://');
    if (protocol !== 'tcp:')
        return undefined;
    const place = { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) };
    if (!isTls(tls))
        return () => (0,external_node_net_.connect)(place);
    const name = tls.servername ?? place.host;
    const [ca, cert, key] = await Promise.all([tls.cacert, tls.cert, tls.key].map(file => file && (0,promises_.readFile)(file)));
    const files = { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
    // An address can't be asked for by name (RFC 6066, 3), but it is what the certificate is checked against.
    return () => (0,external_node_tls_.connect)({ ...place, ...files, ALPNProtocols: ['h2'], ...((0,external_node_net_.isIP)(name) ? {} : { servername: name }) });
}
const isTls = (tls) => Object.values(tls).some(value => value !== undefined);
/** Says hello and waits for the first byte: a server that does not like the client's certificate closes instead. */
function talk(socket, { resolve, tls, signal }) {
    const end = (why) => {
        socket.destroy();
        resolve(why);
    };
    const closed = isTls(tls)
        ? 'it closed the connection'
        : 'it closed the connection: it may ask for TLS (builder.cacert, cert, key)';
    socket.setTimeout(reach_patience, () => end(`no answer within ${reach_patience / 1000} s`));
    socket.once('data', () => end(undefined));
    socket.once('error', error => end(reach_wordsOf(error)));
    socket.once('close', () => end(closed));
    signal.addEventListener('abort', () => end(undefined), { once: true });
    socket.write(preface);
}
/** OpenSSL's own reason without its codes; Node's message without its advice, which is about Node. */
const reach_wordsOf = (error) => 'reason' in error && typeof error.reason === 'string' ? error.reason : (error.message.split(';', 1)[0] ?? '');

;// CONCATENATED MODULE: ./.build/src/build/tls.js





const tls_files = ['cacert', 'cert', 'key'];
/**
 * TLS of each node of a remote builder that is reached by TCP: the section's files, and what the environment holds as text
 * for that node, under setup-buildx-action's names: BUILDER_NODE_0_AUTH_TLS_CACERT, …_CERT, …_KEY. @throws UserError for a file
 * that is not there.
 */
async function tlsOf(config, scope) {
    const shared = Object.fromEntries(tls_files.flatMap(name => (config[name] === undefined ? [] : [[name, tls_pathOf(name, config[name], scope)]])));
    return await Promise.all(nodesOf(config).map(async ({ endpoint }, index) => {
        if (endpoint?.startsWith('tcp://') !== true)
            return {};
        return { ...shared, ...(await fromEnvironment(index, scope)), servername: config.servername };
    }));
}
function tls_pathOf(name, file, { context }) {
    const path = (0,external_node_path_.isAbsolute)(file) ? file : (0,external_node_path_.join)(context, file);
    if (!(0,external_node_fs_.existsSync)(path))
        throw new errors/* UserError */.yo(`builder.${name}: there is no file ${path}`);
    return path;
}
/** The texts as private files of the run: buildx takes paths. They go when the run is closed. */
async function fromEnvironment(index, scope) {
    const written = {};
    for (const name of tls_files) {
        const text = scope.secret(`BUILDER_NODE_${index}_AUTH_TLS_${name.toUpperCase()}`);
        if (text === undefined || text === '')
            continue;
        written[name] = (0,external_node_path_.join)(scope.run.directory, 'private', `builder-${index}-${name}.pem`);
        await (0,files/* writeWhole */.f8)(written[name], text, 0o600);
    }
    return written;
}

;// CONCATENATED MODULE: ./.build/src/build/make.js

















const title = 'Start a builder';
/**
 * Makes and boots the builder of this run, from the first image of BuildKit that can be had; where `pce.lock` has one,
 * from no other. @throws OutsideError with buildx's words and what to do.
 */
async function makeBuilder(driver, { config, allow }, scope) {
    const name = (0,run_run/* projectOf */.v8)(scope.run.id);
    const parts = { driver, config, allow, ...(await filesOf(driver, config, scope)) };
    await (0,journal/* writeDown */._)(scope.run.directory, { kind: 'builder', name });
    const { signal } = scope;
    const engine = { signal, env: driver === 'remote' ? await withoutDefaultConfig(scope) : scope.env };
    const locked = (await (0,build_lock/* readLock */.mF)(scope.context))?.buildkit?.image;
    let [image, ...others] = make_imagesOf(driver, { config, locked }, scope);
    for (;;) {
        const end = await create(planCreate({ ...parts, image }, scope.run), engine);
        if (end === undefined)
            return;
        if (left.test(end.stderr)) {
            await remove(name, scope);
            continue;
        }
        const [next, ...rest] = others;
        if (next === undefined || !missingImage(driver).test(end.stderr))
            throw notMade({ driver, config, image, locked }, end);
        scope.say(`BuildKit: ${image} can't be had (${make_lastLine(end)}), so ${next} is taken`);
        await remove(name, scope);
        [image, others] = [next, rest];
    }
}
/** buildx's words when this run has made one already, as another configuration said. */
const left = /existing instance for/;
const remove = (name, scope) => (0,docker/* docker */.T3)('Remove a builder', ['buildx', 'rm', '--force', name], scope);
async function filesOf(driver, config, scope) {
    const tls = driver === 'remote' ? await tlsOf(config, scope) : [];
    await reach(driver, { config, tls }, scope);
    const text = driver === 'remote' ? undefined : await daemonConfig(config, scope);
    if (text === undefined)
        return { daemonFile: undefined, tls };
    const daemonFile = (0,external_node_path_.join)(scope.run.directory, 'private', 'buildkitd.toml');
    await (0,files/* writeWhole */.f8)(daemonFile, text, 0o600);
    return { daemonFile, tls };
}
/** @throws OutsideError for a node that can't be talked to: buildx would not say why */
async function reach(driver, { config, tls }, scope) {
    await Promise.all(nodesOf(config).map(async ({ endpoint = '' }, index) => {
        const why = (await whySilentBySsh(endpoint, driver === 'remote' ? 'buildkitd' : 'docker', scope)) ??
            (driver === 'remote' ? await whyUnreachable(endpoint, tls[index] ?? {}, scope.signal) : undefined);
        if (why === undefined)
            return;
        const advice = advice_adviceFor({ driver, said: why, endpoint });
        throw new errors/* OutsideError */.Cp(`${title}: ${endpoint} can't be talked to: ${why}\n${advice}`);
    }));
}
/** In the order in which they are tried; PCE_BUILDKIT_IMAGE is a machine's own that reaches no public registry. */
function make_imagesOf(driver, { config, locked }, { rights }) {
    if (driver === 'remote')
        return [undefined];
    const { image = config.image } = (0,csv/* optionsIn */.I)(config['driver-opts']);
    const given = [image].flat();
    if (given.length > 0)
        return lockedImages(given, locked);
    const own = rights.PCE_BUILDKIT_IMAGE ? [rights.PCE_BUILDKIT_IMAGE] : buildkitImages;
    if (locked !== undefined)
        return [...new Set([...own.map(one => withDigestOf(locked, one)), locked])];
    return driver === 'kubernetes' ? [undefined] : own;
}
/** Undefined when all went well. */
async function create(nodes, engine) {
    for (const argv of nodes) {
        const end = await (0,docker/* tryDocker */.IY)(title, argv, engine);
        if (end.exitCode !== 0)
            return end;
    }
    return undefined;
}
/**
 * What is said when an image can't be pulled: it is not there, or nobody answers, or not to us. In Kubernetes it is the
 * cluster that pulls, and buildx tells no more than that nothing got ready (docker/buildx, driver/kubernetes).
 */
const missingImage = (driver) => driver === 'kubernetes'
    ? /replicas to be ready/
    : /manifest unknown|not found|pull access denied|no such host|failed to resolve reference|dial tcp|i\/o timeout|toomanyrequests|TLS handshake timeout|failed to verify image/i;
const make_lastLine = ({ stderr }) => (stderr.trim().split('\n').at(-1) ?? '').replace(/^ERROR: /, '');
function notMade({ driver, config, image, locked }, end) {
    const advice = advice_adviceFor({ driver, said: end.stderr, endpoint: config.endpoint });
    const isLocked = (0,build_lock/* digestOf */.ol)(image) !== undefined && (0,build_lock/* digestOf */.ol)(image) === (0,build_lock/* digestOf */.ol)(locked);
    const other = isLocked ? `\n${build_lock/* lockFile */.Ke} pins that image: remove buildkit from it to build with another.` : '';
    return new errors/* OutsideError */.Cp(`${(0,run/* failureOf */.g5)({ title, argv: ['docker'] }, end)}\n${advice}${other}`);
}

;// CONCATENATED MODULE: ./.build/src/build/qemu.js







const folder = '/proc/sys/fs/binfmt_misc';
/**
 * The kernel's handlers by name, such as `qemu-aarch64`, that work in containers too: flag F, the interpreter is held
 * open. Undefined where they can't be seen: the engine is elsewhere or in a machine of its own, or this is a container.
 */
async function handlersHere({ context }, { env: { DOCKER_HOST = 'unix://' } }) {
    if (process.platform !== 'linux' || context !== 'default' || !DOCKER_HOST.startsWith('unix://'))
        return undefined;
    const names = await (0,promises_.readdir)(folder).catch(() => []);
    if (!names.includes('register'))
        return undefined;
    const texts = await Promise.all(names.map(async (name) => ({ name, text: await (0,promises_.readFile)((0,external_node_path_.join)(folder, name), 'utf8').catch(() => '') })));
    return texts.filter(({ text }) => text.startsWith('enabled') && /^flags:.*F/m.test(text)).map(({ name }) => name);
}
/** Registers QEMU with the kernel of the engine's machine. @throws OutsideError when no source of it answers. */
async function installQemu(platforms, scope) {
    const title = `Install QEMU for ${platforms.join(', ')}`;
    scope.say(title);
    for (const [index, image] of binfmtImages.entries()) {
        const argv = ['run', '--rm', '--privileged', image, '--install', architecturesOf(platforms)];
        const end = await (0,docker/* tryDocker */.IY)(title, argv, scope, { say: scope.say });
        if (end.exitCode === 0)
            return;
        if (index === binfmtImages.length - 1)
            throw new errors/* OutsideError */.Cp(`${(0,run/* failureOf */.g5)({ title, argv: ['docker'] }, end)}\nInstall QEMU on that machine (the package qemu-user-static), or build ${platforms.join(', ')} on a native runner.`);
    }
}

;// CONCATENATED MODULE: ./.build/src/build/builder.js













/**
 * Chooses the builder, makes it where it is one of this run's, and sees that it can build every platform.
 * @throws OutsideError that says what is missing when docker can't, UserError for what can't be built here.
 */
async function openBuilder(request, scope) {
    const facts = await (0,docker/* probeEngine */.lt)(scope);
    const choice = chooseBuilder(facts, request);
    scope.say(`Builder: ${choice.why}`);
    const builder = await builder_open(choice.driver, { request, facts }, scope);
    const programs = [
        { name: 'docker', version: facts.version, path: 'docker' },
        { name: 'buildx', version: facts.buildx, path: 'docker buildx' },
        { name: 'compose', version: facts.compose, path: 'docker compose' },
    ];
    return { value: builder, reason: choice.why, programs };
}
async function builder_open(driver, { request, facts }, scope) {
    const { config } = request;
    if (driver === 'existing')
        return await useExisting(config.name ?? '', request, scope);
    const nodes = nodesOf(config);
    const isHere = driver === 'docker' || (driver === 'docker-container' && nodes.every(node => node.endpoint === undefined));
    // Before the builder is made: BuildKit looks for QEMU once, when it starts.
    const known = isHere ? await emulateHere(request, facts, scope) : undefined;
    if (driver !== 'docker')
        await makeBuilder(driver, request, scope);
    const name = driver === 'docker' ? facts.context : (0,run_run/* projectOf */.v8)(scope.run.id);
    const location = {
        driver,
        endpoints: nodes.map(({ endpoint }) => endpoint),
        networks: nodes.map(node => (0,csv/* optionsIn */.I)(node['driver-opts']).network ?? 'host'),
    };
    const platforms = known ?? (await emulateThere(request, () => inspect(name, scope), scope));
    return { name, driver, stages: (0,output/* stagesOf */.ZL)(location), platforms };
}
async function useExisting(name, request, scope) {
    const found = await inspect(name, scope);
    const { driver, nodes } = found;
    const platforms = await emulateThere(request, async () => found, scope);
    const location = {
        driver,
        endpoints: nodes.map(({ endpoint }) => driver === 'docker-container' && isSocket(endpoint) ? undefined : endpoint),
        networks: nodes.map(({ options }) => options.network),
    };
    return { name, driver, stages: (0,output/* stagesOf */.ZL)(location), platforms };
}
/** A Docker endpoint on this machine: a socket, or the context that stands for it. */
const isSocket = (endpoint) => endpoint === 'default' || endpoint.startsWith('unix://');
const isForeign = (platforms, own) => platforms.some(platform => platform !== 'native' && platform !== own);
/** Platforms that are native, once QEMU does the others; undefined where only the builder itself can tell. */
async function emulateHere({ platforms, config }, facts, scope) {
    const native = [facts.platform];
    if (!isForeign(platforms, facts.platform))
        return native;
    const asked = { platforms, qemu: config.qemu, onGitHub: scope.env.GITHUB_ACTIONS === 'true' };
    const handlers = await handlersHere(facts, scope);
    if (handlers === undefined && !mayInstall(asked))
        return undefined;
    const emulated = platforms.filter(platform => handlers?.includes(handlerOf(platform)));
    const { install, warnings } = planEmulation(asked, { native, emulated, installable: true });
    for (const line of warnings)
        scope.say(line);
    if (install.length > 0)
        await installQemu(install, scope);
    return native;
}
/** The same by what the builder says of itself. It is asked only when a platform is. */
async function emulateThere({ platforms, config }, ask, scope) {
    if (platforms.every(platform => platform === 'native'))
        return [];
    const { nodes } = await ask();
    const facts = {
        native: [...new Set(nodes.flatMap(({ native }) => native))],
        emulated: nodes.flatMap(node => node.platforms),
        installable: false,
    };
    const { warnings } = planEmulation({ platforms, qemu: config.qemu, onGitHub: false }, facts);
    for (const line of warnings)
        scope.say(line);
    return facts.native;
}
/** Boots a builder where it sleeps. @throws OutsideError when there is none of that name, or a node does not answer. */
async function inspect(name, scope) {
    const title = `Look at the builder ${name}`;
    const end = await (0,docker/* tryDocker */.IY)(title, ['buildx', 'inspect', name, '--bootstrap'], scope);
    const found = parseInspect(end.stdout);
    if (end.exitCode !== 0) {
        const advice = advice_adviceFor({ driver: found.driver, said: end.stderr, endpoint: found.nodes.at(0)?.endpoint });
        throw new errors/* OutsideError */.Cp(`${(0,run/* failureOf */.g5)({ title, argv: ['docker'] }, end)}\n${advice}`);
    }
    const broken = found.nodes.find(({ error }) => error !== undefined);
    if (broken === undefined)
        return found;
    const { driver } = found;
    const advice = advice_adviceFor({ driver, said: broken.error ?? '', endpoint: broken.endpoint });
    throw new errors/* OutsideError */.Cp(`${title}: its node ${broken.name} has trouble: ${broken.error}\n${advice}`);
}

;// CONCATENATED MODULE: ./.build/src/cache/budget.js
/** Entries of one run: half of what a repository may upload in a minute (200), so that a run beside it may as well. */
const budget = 100;
/** Layers of base images, and the index. */
const besides = 8;
/**
 * Pure: the mode of an export. Each layer is an entry; beyond a run's share the layers of the last stage have to do,
 * and more than those are throttled by GitHub, for everybody in the repository.
 */
function planShare({ mode, steps, exports }) {
    const share = Math.floor(budget / Math.max(1, exports));
    if (mode === 'min' || steps + besides <= share)
        return { mode };
    const each = exports === 1 ? 'one run' : `each of ${exports} exports of one run`;
    const why = `about ${steps + besides} entries are more than the ${share} of ${each}: only the layers of the image itself are written (mode=min)`;
    return { mode: 'min', why };
}

;// CONCATENATED MODULE: ./.build/src/cache/moment.js


/**
 * Pure: which of these values of `--cache-to` are written now. What lies in a registry that is pushed to is written with
 * the login of the push; all else after the gate.
 */
const dueAt = (when, to, repositories) => when === 'end' ? to : to.filter(item => isBeside(item, repositories) === (when === 'push'));
/** Pure: true where a cache may turn out to be in a registry that is pushed to. */
function mayLieBeside({ cache, named, repositories }) {
    const { type, ref, 'cache-from': from, 'cache-to': to } = cache;
    if (from !== undefined || to !== undefined)
        return to?.some(item => isBeside(item, repositories)) ?? false;
    if (type === 'registry')
        return ref === undefined ? repositories.length > 0 : isAt(ref, repositories);
    if (type !== 'auto')
        return false;
    return repositories.some(isEcr) || (named?.to.some(item => isBeside(item, repositories)) ?? false);
}
const isBeside = (item, repositories) => {
    const attributes = (0,schema_csv/* attributesOf */.Td)(item);
    return isAt(attributes === undefined ? item : (attributes.ref ?? ''), repositories);
};
const isAt = (reference, repositories) => repositories.some(repository => reference.startsWith(`${moment_hostOf(repository)}/`));
const moment_hostOf = (repository) => repository.split('/', 1)[0] ?? '';

;// CONCATENATED MODULE: ./.build/src/build/later-files.js





/**
 * The context as it was at a time (ms since 1970), for a solve that does again what was done then: files that no commit
 * has and that were made since, by outputs, tests or scans, are kept out by an ignore file of the Dockerfile. Else a
 * `COPY .` would be another one, and every RUN after it would be done anew.
 */
async function hideLaterFiles(source, since, scope) {
    const nothing = { changes: {}, async [Symbol.asyncDispose]() { } };
    if ((0,build_config/* isRemote */.Vx)(source.context))
        return nothing;
    const context = (0,external_node_path_.resolve)(scope.context, source.context);
    const later = await findLater(context, since, scope);
    if (later.length === 0 || later.length > later_files_most)
        return nothing;
    const dockerfile = (0,external_node_path_.resolve)(scope.context, dockerfileOf(source));
    const own = source.inline === undefined ? [`${dockerfile}.dockerignore`] : [];
    const ignored = await readFirst([...own, (0,external_node_path_.join)(context, '.dockerignore')]);
    const folder = await (0,promises_.mkdtemp)((0,external_node_path_.join)(scope.run.directory, 'as-built-'));
    const file = (0,external_node_path_.join)(folder, 'Dockerfile');
    if (source.inline === undefined)
        await (0,promises_.copyFile)(dockerfile, file);
    else
        await (0,promises_.writeFile)(file, source.inline);
    await (0,promises_.writeFile)(`${file}.dockerignore`, [ignored, ...later.map(patternOf), ''].join('\n'));
    return { changes: { file }, [Symbol.asyncDispose]: () => (0,promises_.rm)(folder, { recursive: true, force: true }) };
}
/** BuildKit holds each file against each pattern. */
const later_files_most = 500;
async function readFirst(files) {
    for (const file of files) {
        const text = await (0,promises_.readFile)(file, 'utf8').catch(() => undefined);
        if (text !== undefined)
            return text;
    }
    return '';
}
/** Files that no commit has and that are younger, relative to the context; of a younger folder the folder alone. */
async function findLater(context, since, { env }) {
    const git = await (0,run_git/* openGit */.z)(context, env);
    const others = (await git?.(['ls-files', '--others', '-z'])) ?? '';
    const known = new Map();
    const isLater = (path) => {
        const asked = known.get(path) ?? (0,promises_.lstat)((0,external_node_path_.join)(context, path)).then(({ birthtimeMs }) => birthtimeMs > since, no);
        known.set(path, asked);
        return asked;
    };
    const found = new Set();
    for (const name of others.split('\0').filter(Boolean))
        for (const path of waysTo(name)) {
            if (!(await isLater(path)))
                continue;
            found.add(path);
            break;
        }
    return [...found];
}
const no = () => false;
/** `a`, `a/b`, `a/b/c` */
function waysTo(path) {
    const parts = path.split('/');
    return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}
/** What has a meaning in a pattern is any one character; the slash keeps `!` and `#` from having one. */
const patternOf = (path) => `/${path.replaceAll(/[*?[\]\\\s]/g, '?')}`;

;// CONCATENATED MODULE: ./.build/src/build/again.js
var again_addDisposableResource = (undefined && undefined.__addDisposableResource) || function (env, value, async) {
    if (value !== null && value !== void 0) {
        if (typeof value !== "object" && typeof value !== "function") throw new TypeError("Object expected.");
        var dispose, inner;
        if (async) {
            if (!Symbol.asyncDispose) throw new TypeError("Symbol.asyncDispose is not defined.");
            dispose = value[Symbol.asyncDispose];
        }
        if (dispose === void 0) {
            if (!Symbol.dispose) throw new TypeError("Symbol.dispose is not defined.");
            dispose = value[Symbol.dispose];
            if (async) inner = dispose;
        }
        if (typeof dispose !== "function") throw new TypeError("Object not disposable.");
        if (inner) dispose = function() { try { inner.call(this); } catch (e) { return Promise.reject(e); } };
        env.stack.push({ value: value, dispose: dispose, async: async });
    }
    else if (async) {
        env.stack.push({ async: true });
    }
    return value;
};
var again_disposeResources = (undefined && undefined.__disposeResources) || (function (SuppressedError) {
    return function (env) {
        function fail(e) {
            env.error = env.hasError ? new SuppressedError(e, env.error, "An error was suppressed during disposal.") : e;
            env.hasError = true;
        }
        var r, s = 0;
        function next() {
            while (r = env.stack.pop()) {
                try {
                    if (!r.async && s === 1) return s = 0, env.stack.push(r), Promise.resolve().then(next);
                    if (r.dispose) {
                        var result = r.dispose.call(r.value);
                        if (r.async) return s |= 2, Promise.resolve(result).then(next, function(e) { fail(e); return next(); });
                    }
                    else s |= 1;
                }
                catch (e) {
                    fail(e);
                }
            }
            if (s === 1) return env.hasError ? Promise.reject(env.error) : Promise.resolve();
            if (env.hasError) throw env.error;
        }
        return next();
    };
})(typeof SuppressedError === "function" ? SuppressedError : function (error, suppressed, message) {
    var e = new Error(message);
    return e.name = "SuppressedError", e.error = error, e.suppressed = suppressed, e;
});










/** A build of a Dockerfile, once more. */
const builtAlone = (build) => ({
    build,
    wishes: [build],
    together: 1,
    again: where => (caching, scope, run) => buildAgain({ build, where, caching }, scope, run),
});
async function buildAgain({ build, where, caching }, scope, run) {
    const env_1 = { stack: [], error: void 0, hasError: false };
    try {
        const resolved = await (0,context/* resolveContexts */.f)(build.config, scope);
        const then = again_addDisposableResource(env_1, await hideLaterFiles(resolved, caching.since, scope), true);
        const contexts = again_addDisposableResource(env_1, await openNormalContexts({ ...resolved, ...then.changes }, scope), true);
        const { config, env } = await (0,build_secrets/* openSecrets */.cA)(contexts.config, scope);
        const place = { ...build_placeOf(build, where, scope), cacheFrom: caching.from.flat() };
        const argv = planCacheExport({ ...build, config }, place, caching.to.flat());
        await run(programOf(build, argv, { scope, env: { ...env, ...(await lockedEnv(scope)) } }));
    }
    catch (e_1) {
        env_1.error = e_1;
        env_1.hasError = true;
    }
    finally {
        const result_1 = again_disposeResources(env_1);
        if (result_1)
            await result_1;
    }
}
/** A command that is running: what is in a cache never does. It may have effects, and nobody asked for it twice. */
const isDoneAnew = ({ name, started, completed, cached }) => /^\[(?:[^\]]*\s)?\d+\/\d+\] RUN\b/.test(name) && started !== undefined && completed === undefined && !cached;
const whyAnew = (name) => `${name} would be done again: files of the context, or the base image, changed since the build. Name in .dockerignore what later steps write there.`;
/**
 * A solve in which every step is in the builder already: it ends as soon as one is done anew.
 * @throws OutsideError when it fails, the signal's reason when it is too late
 */
async function solveAgain(program, scope) {
    const progress = createProgress();
    const redone = new AbortController();
    const say = (line) => {
        for (const text of progress.read(line))
            scope.say(text);
        const anew = progress.vertices.find(isDoneAnew);
        if (anew !== undefined)
            redone.abort(new errors/* OutsideError */.Cp(whyAnew(anew.name)));
    };
    const end = await (0,run/* runProgram */.mB)({ ...program, say, signal: AbortSignal.any([scope.signal, redone.signal]) });
    if (end.exitCode === 0)
        return;
    const words = progress.rest.findLast(line => line.startsWith('ERROR: '));
    throw new errors/* OutsideError */.Cp(words?.replace(/^ERROR: (failed to build: )?(failed to solve: )?/, '') ?? (0,run/* failureOf */.g5)(program, end));
}

;// CONCATENATED MODULE: ./.build/src/build/traces.js


/** Steps that a build went through, as its part tells them; of a bake those of all its targets. */
const readSteps = async (build, scope) => (0,record_steps/* stepsOf */.B_)((await traces_partsOf(build, scope)).flatMap(({ vertices }) => vertices ?? []));
/** When the builder had read the context, in ms since 1970; now, where nothing tells. */
async function timeOfContext(build, scope) {
    const parts = await traces_partsOf(build, scope);
    const read = parts.flatMap(({ vertices = [], ended }) => {
        const contexts = vertices.filter(({ name }) => /^\[(\S+ )?internal\] load build context$/.test(name));
        const times = contexts.flatMap(({ completed }) => (completed === undefined ? [] : Date.parse(completed)));
        return times.length === 0 ? [Date.parse(ended)] : times;
    });
    return Math.min(Date.now(), ...read);
}
/** The part of a build has its image, that of a bake the images of all targets. */
async function traces_partsOf({ name, target = '', platform }, { run }) {
    const parts = await (0,run_parts/* readParts */.fp)(run.directory);
    const isMade = (value) => {
        const made = Object(value);
        return made.name === name && made.target === target && (platform === 'native' || made.platform === platform);
    };
    return parts.filter(({ value }) => [value, ...Object.values(Object(value))].some(isMade));
}

;// CONCATENATED MODULE: ./.build/src/build/cache.js












/**
 * Writes the layer caches of a build by a solve of nothing but hits, within its own deadline. Never throws for cache
 * trouble: gives a reason.
 */
async function exportCache(built, where, scope) {
    const { build, wishes } = built;
    const cache = await openCache(wishes, where.builder.stages !== 'layout', scope);
    const { to: all, why } = await targetsOf(built, cache, scope);
    if (all.flat().length === 0)
        return { status: 'skipped', reason: cache.why.join('\n') };
    const due = dueAt(where.when, all.flat(), build.repositories);
    if (due.length === 0)
        return { status: 'skipped', reason: elsewhen[where.when] };
    if (where.when === 'gate' && (await isWrittenAlready(build, cache, scope)))
        return { status: 'skipped', reason: 'every step came from a cache: there is nothing to add' };
    for (const line of cache.why)
        scope.say(line);
    if (why !== undefined)
        scope.say(`Cache: ${why}`);
    const fault = await write({ built, where, cache, to: all.map(items => items.filter(item => due.includes(item))) }, scope);
    scope.signal.throwIfAborted();
    const reason = fault === undefined ? why : `cache not written: ${fault}`;
    if (fault !== undefined)
        scope.say(`Cache: not written: ${fault}`);
    return {
        value: { exported: fault === undefined },
        ...(reason === undefined ? {} : { reason }),
        cache: writingOf(cache, due, reason === undefined ? [] : [reason]),
    };
}
/** Why nothing is written at a moment, though something is to be written. */
const elsewhen = {
    gate: 'it is written when a push has logged in',
    push: 'it was written after the gate',
    end: 'it was written before',
};
async function targetsOf({ build, together }, { plans }, scope) {
    const { mode } = build.cache;
    const to = plans.map(plan => plan.folder === undefined ? plan.to : [`type=local,${(0,schema_csv/* fieldOf */._F)(`dest=${freshOf(plan.folder, scope)}`)},mode=${mode}`]);
    if (!plans.some(plan => plan.type === 'gha' && plan.to.length > 0))
        return { to };
    // Layers that targets of a bake share are one entry.
    const steps = Math.ceil((await readSteps(build, scope)).length / together);
    const share = planShare({ mode, steps, exports: build.exports });
    const less = to.map((items, at) => plans[at]?.type === 'gha' ? items.map(item => item.replace(`mode=${mode}`, `mode=${share.mode}`)) : items);
    return share.why === undefined ? { to: less } : { to: less, why: share.why };
}
/**
 * A folder is written whole, which takes as long when nothing is new. Elsewhere BuildKit looks what is there, and a
 * cache that is used stays alive.
 */
async function isWrittenAlready(build, cache, scope) {
    const folder = cache_folderOf(cache);
    if (folder === undefined || !(0,external_node_fs_.existsSync)((0,external_node_path_.join)(folder, 'index.json')))
        return false;
    if ((await damageOf(folder)) !== undefined)
        return false;
    const steps = await readSteps(build, scope);
    return steps.length > 0 && steps.every(({ cached }) => cached);
}
/** The folder that is written as a whole: that of the build, since what it is built on has none of its own. */
const cache_folderOf = ({ plans }) => plans[0]?.folder;
// A folder of its own and a rename: a cache that is half written or grown without end is never read.
const freshOf = (folder, { run }) => `${folder}.${run.id}`;
/** Gives the cause where it could not be written. */
async function write({ built, where, cache, to }, scope) {
    const folder = cache_folderOf(cache);
    const { timeout } = built.build.cache;
    const limit = AbortSignal.timeout(timeout);
    try {
        const within = { ...scope, signal: AbortSignal.any([scope.signal, limit]) };
        const since = await timeOfContext(built.build, scope);
        const login = where.login?.folder === undefined ? {} : { DOCKER_CONFIG: where.login.folder };
        const again = built.again(where);
        const folders = [...cache.folders, ...(folder === undefined ? [] : [freshOf(folder, scope)])];
        const through = (lists) => lists.map(items => items.map(cache.through));
        await again({ from: through(cache.from), to: through(to), folders, since }, within, program => solveAgain({ ...program, env: { ...program.env, ...cache.env, ...login } }, within));
        if (folder !== undefined) {
            await (0,promises_.rm)(folder, { recursive: true, force: true });
            await (0,promises_.rename)(freshOf(folder, scope), folder);
        }
        // BuildKit says nothing when it can't upload the index, without which the layers are of no use.
        const isLost = to.flat().filter(item => typeOf(item) === 'gha').length > cache.tally.written.size;
        return isLost ? `${troubleOf(cache) ?? 'its index was not taken'}` : undefined;
    }
    catch (error) {
        if (folder !== undefined)
            await (0,promises_.rm)(freshOf(folder, scope), { recursive: true, force: true }).catch(() => { });
        const late = limit.aborted ? `not done within ${timeout / 1000} s` : undefined;
        const said = error instanceof Error ? error.message : String(error);
        return [late, troubleOf(cache)].filter(text => text !== undefined).join('; ') || (azureAdvice(said) ?? said);
    }
}
/** What the cache service said last, which BuildKit passes on in other words. */
const troubleOf = ({ tally }) => [...tally.troubles].at(-1);

;// CONCATENATED MODULE: ./.build/src/build/image-index.js




/**
 * Stages the index over the images of all platforms, by digest, beside them. Nothing of an image changes by it: the
 * digests that were tested and scanned are those that it lists.
 * @throws UserError when two of the platforms are one.
 */
async function stageIndex({ name, annotations }, images, scope) {
    checkPlatforms(images);
    const [{ repository } = { repository: '' }] = images;
    const manifests = await Promise.all(images.map(async (image) => ({
        ...(await describeManifest(image, scope.signal)),
        platform: image.platform,
        annotations: {
            ...annotations['manifest-descriptor'],
            ...annotations[`manifest-descriptor[${image.platform}]`],
        },
    })));
    const attestations = images.flatMap(image => image.attestations ?? []);
    const { digest, text } = renderIndex({ manifests, attestations, annotations: annotations.index });
    await putManifest({ repository, digest }, { mediaType: indexMediaType, text }, scope.signal);
    const index = { name, digest, repository, images: images.map(image => image.digest) };
    scope.say(`Staged ${(0,record_image/* referenceOf */.Bz)(index)} (${images.map(({ platform }) => platform).join(', ')})`);
    return { value: index, indexes: [index] };
}
function checkPlatforms(images) {
    const names = images.map(({ platform }) => platform);
    const twice = names.find((name, at) => names.indexOf(name) !== at);
    if (twice === undefined)
        return;
    throw new errors/* UserError */.yo(`platforms: ${twice} is built twice\nnative is ${twice} on this machine: name each platform once.`);
}

;// CONCATENATED MODULE: ./.build/src/build/tasks.js







const stagingTask = () => (0,task_task/* task */._W)({
    id: 'staging',
    request: null,
    needs: {},
    weight: 0,
    estimate: 2_000,
    perform: async (_, scope) => ({ value: await openStaging(scope) }),
});
const builderTask = (request) => (0,task_task/* task */._W)({
    id: 'builder',
    request: { ...request },
    needs: {},
    weight: 0,
    estimate: 3_000,
    perform: (_, scope) => openBuilder(request, scope),
});
/** Builds and stages one target of one image. */
const buildTask = (id, build, where) => (0,task_task/* task */._W)({
    id,
    request: requestOf(build),
    needs: { ...where },
    // Targets of one Dockerfile share stages and BuildKit's own workers: two at a time are no more work than one.
    weight: 0.5,
    estimate: 60_000,
    deadline: 3_600_000,
    perform: (needed, scope) => buildImage(build, needed, scope),
});
/** Stages the index over the images of all platforms. */
const indexTask = (id, request, images) => (0,task_task/* task */._W)({
    id,
    request: { ...request },
    needs: Object.fromEntries(images.map(image => [image.id, image])),
    weight: 0,
    perform: (made, scope) => stageIndex(request, Object.values(made), scope),
});
/** Writes the layer cache of a build. */
const cacheTask = (id, built, when, { login, ...needs }) => (0,task_task/* task */._W)({
    id,
    request: { type: built.build.cache.type },
    needs: { ...needs, ...(login === undefined ? {} : { login }) },
    estimate: 5_000,
    deadline: built.build.cache.timeout + 60_000,
    perform: ({ builder, staging, ...more }, scope) => exportCache(built, { builder, staging, when, ...('login' in more ? { login: more.login } : {}) }, scope),
});
/** Where its caches are is no part of it: they make no other image. */
const requestOf = ({ name, image, ships, target, platform, labels, annotations, config, cache }) => ({
    ...{ name, image, ships, target, platform, labels, annotations },
    config: askedOf(config),
    cache: cache.type,
});
/** Where a secret comes from is no part of the question: a laptop has it elsewhere than a job. */
function askedOf(config) {
    const { 'secret-envs': _, 'secret-files': __, ...asked } = config;
    return { ...asked, secrets: (0,build_secrets/* secretIds */.bT)(config) };
}

;// CONCATENATED MODULE: ./.build/src/check/check.js



/** `sh` and `env` give these when a command is not there or may not be run (POSIX, "Exit Status for Commands"). */
const cannotRun = new Set([126, 127]);
/**
 * Runs a check in the checkout. Exit code 0 passes, any other fails.
 * @throws OutsideError when the command can't be run: a check that could not look is not a check that said no.
 */
async function runCheck(name, check, scope) {
    const program = {
        title: `Check ${name}`,
        argv: (0,fields/* argvOf */.UU)(check.run),
        cwd: scope.context,
        env: scope.env,
        signal: scope.signal,
        say: scope.say,
    };
    const { exitCode, signal, stderr } = await (0,run/* runProgram */.mB)(program);
    if (exitCode === 0)
        return { value: { exitCode } };
    if (exitCode !== undefined && cannotRun.has(exitCode)) {
        throw new errors/* OutsideError */.Cp(`Check ${name} can't be run: ${stderr.trim().split('\n').at(-1)}\nInstall what it needs before this step.`);
    }
    const how = exitCode === undefined ? `ended by ${signal}` : `exit code ${exitCode}`;
    return { status: 'failed', reason: how };
}

;// CONCATENATED MODULE: ./.build/src/check/hadolint.js






const levels = ['error', 'warning', 'info', 'style'];
/** `hadolint --format json`: one object a finding. */
const reportSchema = schemas/* array */.YOg(schemas/* looseObject */._H3({
    file: schemas/* string */.YjP(),
    line: schemas/* number */.aig(),
    column: schemas/* number */.aig(),
    level: schemas/* enum */.k5n(levels),
    code: schemas/* string */.YjP(),
    message: schemas/* string */.YjP(),
}));
const severities = { error: 'high', warning: 'medium', info: 'low', style: 'low' };
/** Lints a Dockerfile. @throws OutsideError when hadolint broke: it gives 0 or 1 and JSON, or it did not look. */
async function runHadolint({ file, threshold }, scope) {
    if (!(0,external_node_fs_.existsSync)((0,external_node_path_.join)(scope.context, file)))
        throw new errors/* UserError */.yo(`hadolint: there is no ${file}`);
    const tool = await findTool('hadolint', scope);
    const argv = [tool.path, '--format', 'json', '--no-color', file];
    const end = await (0,run/* runProgram */.mB)({ title: 'hadolint', argv, cwd: scope.context, env: scope.env, signal: scope.signal });
    const findings = parseHadolint(end.stdout, threshold);
    if (findings === undefined)
        throw new errors/* OutsideError */.Cp(`hadolint gave no report (exit code ${end.exitCode}): ${end.stderr.trim()}`);
    const evidence = { findings: [...findings], programs: [{ name: tool.name, version: tool.version, path: tool.path }] };
    for (const finding of findings)
        scope.say(`${file}:${finding.location?.line} ${finding.rule} ${finding.message}`);
    const blocking = findings.filter(finding => finding.blocking).length;
    const steered = findSteering(scope);
    const how = steered.length === 0 ? '' : `with ${steered.join(', ')}`;
    if (blocking === 0)
        return { value: 0, ...evidence, ...(how === '' ? {} : { reason: how }) };
    return {
        status: 'failed',
        value: blocking,
        reason: [`${blocking} of level ${threshold} or above in ${file}`, how].filter(Boolean).join(', '),
        ...evidence,
    };
}
/** What has a say in what hadolint tells: its configuration, the first of these (hadolint README), and its variables. */
function findSteering({ context, env }) {
    const { HOME: home, XDG_CONFIG_HOME: config } = env;
    const own = ['.hadolint.yaml', '.hadolint.yml'].find(name => (0,external_node_fs_.existsSync)((0,external_node_path_.join)(context, name)));
    const users = [
        ...(config ? [(0,external_node_path_.join)(config, 'hadolint.yaml')] : []),
        ...(home ? homeFiles.map(name => (0,external_node_path_.join)(home, name)) : []),
    ];
    const file = own ?? users.find(path => (0,external_node_fs_.existsSync)(path));
    const variables = Object.keys(env).filter(name => name.startsWith('HADOLINT_') && env[name] !== undefined);
    return [...(file === undefined ? [] : [file]), ...variables];
}
const homeFiles = ['.config/hadolint.yaml', '.hadolint/hadolint.yaml', 'hadolint/config.yaml', '.hadolint.yaml'];
/** Pure: the findings of a report; undefined when the text is not one. */
function parseHadolint(text, threshold) {
    const report = reportSchema.safeParse(hadolint_parseJson(text));
    return report.data?.map(({ file, line, column, level, code, message }) => ({
        tool: 'hadolint',
        rule: code,
        severity: severities[level],
        message,
        location: { file, line: Math.max(1, line), column: Math.max(1, column) },
        url: code.startsWith('DL')
            ? `https://github.com/hadolint/hadolint/wiki/${code}`
            : `https://www.shellcheck.net/wiki/${code}`,
        blocking: levels.indexOf(level) <= levels.indexOf(threshold),
    }));
}
function hadolint_parseJson(text) {
    try {
        return JSON.parse(text);
    }
    catch {
        return undefined;
    }
}

;// CONCATENATED MODULE: ./.build/src/check/tasks.js



/** A task for each check, side by side; each has its own verdict about the source. */
const checkTasks = (checks) => Object.entries(checks).map(([name, { gate, weight, timeout, run }]) => (0,task_task/* task */._W)({
    id: `check:${name}`,
    request: { run },
    needs: {},
    kind: gate,
    weight,
    deadline: timeout,
    estimate: 10_000 * Math.max(1, weight),
    perform: (_, scope) => runCheck(name, { gate, weight, timeout, run }, scope),
}));
/** A task for each Dockerfile. */
function hadolintTasks(config, files) {
    if (config === false)
        return [];
    const threshold = config === true ? 'warning' : config.threshold;
    const each = [...new Set(files)];
    return each.map(file => (0,task_task/* task */._W)({
        id: each.length === 1 ? 'hadolint' : `hadolint:${file}`,
        request: { file, threshold },
        needs: {},
        kind: 'blocking',
        perform: (_, scope) => runHadolint({ file, threshold }, scope),
    }));
}

// EXTERNAL MODULE: ./.build/src/github/id-token.js
var id_token = __webpack_require__(52474);
// EXTERNAL MODULE: ./.build/src/login/docker-config.js
var docker_config = __webpack_require__(60448);
// EXTERNAL MODULE: ./.build/src/login/export.js
var login_export = __webpack_require__(38135);
;// CONCATENATED MODULE: ./.build/src/login/pull-policy.js

/** What a pull needs of ECR (ECR user guide, "Private repository policies"; the first knows no resource but `*`). */
const actions = [
    'ecr:GetAuthorizationToken',
    'ecr:BatchGetImage',
    'ecr:GetDownloadUrlForLayer',
    'ecr:BatchCheckLayerAvailability',
];
/** characters that STS takes (STS API reference, AssumeRole, Policy) */
const pull_policy_most = 2048;
/**
 * Pure: the session policies of a login that may only pull. Session policies add up: what one of them allows, the session
 * may (IAM user guide, "Session policies"). So a further one would widen what the user's own leave; a denial of all but
 * pulls, in the user's inline policy or beside the managed ones, narrows whatever they allow.
 * @throws UserError when the user's own policy is no JSON object, or leaves no room.
 */
function narrowedToPulls(section) {
    const policy = JSON.stringify(policyFor(section));
    if (policy.length <= pull_policy_most)
        return { ...section, 'inline-session-policy': policy };
    throw new errors/* UserError */.yo(`inline-session-policy: with the denial of all but pulls it has ${policy.length} characters, and STS takes ${pull_policy_most}: shorten it by ${policy.length - pull_policy_most}`);
}
const pull_policy_allowed = { Effect: 'Allow', Action: actions, Resource: '*' };
const denied = { Effect: 'Deny', NotAction: actions, Resource: '*' };
function policyFor(section) {
    const own = section['inline-session-policy'];
    if (own !== undefined)
        return withDenial(own);
    const limited = section['managed-session-policies'].length > 0;
    return { Version: '2012-10-17', Statement: [limited ? denied : pull_policy_allowed] };
}
function withDenial(own) {
    const policy = readPolicy(own);
    if (policy !== undefined)
        return { ...policy, Statement: [...[policy.Statement].flat(), denied] };
    throw new errors/* UserError */.yo('inline-session-policy: expected a policy as JSON, an object with Version and Statement');
}
function readPolicy(text) {
    try {
        const policy = JSON.parse(text);
        return typeof policy === 'object' && policy !== null && 'Statement' in policy ? policy : undefined;
    }
    catch {
        return undefined;
    }
}

// EXTERNAL MODULE: ./.build/src/login/sign-in.js + 3 modules
var sign_in = __webpack_require__(69314);
;// CONCATENATED MODULE: ./.build/src/login/pull.js













/** Pure: those of the hosts that are pulled from which may ask for a login: private ones of ECR, and those pushed to. */
const privateHosts = (pulled, registries) => pulled.filter(host => isPrivateEcr(host) || registries.includes(host));
// A name that only means to be one of ECR's is whoever pulls it to complain about.
const isPrivateEcr = (host) => (0,registry_host/* faultOfHost */.C)(host) === undefined && (0,registry_host/* parseRegistryHost */.T)(host).kind === 'ecr';
/** The login for pulls, made at the start: it can't push. */
const pullTask = (request) => (0,task_task/* task */._W)({
    id: 'login:pull',
    request: { hosts: request.hosts, login: request.section },
    needs: {},
    weight: 0,
    perform: (_, scope) => performPull(request, scope),
});
async function performPull({ hosts, section }, scope) {
    const wanted = await planPull({ hosts, section }, scope);
    const asked = (0,sign_in/* awsHostsOf */.KW)(wanted).map(({ host }) => host);
    const stranger = asked.length > 0 && section['role-to-assume'] !== undefined ? strangerIn(scope.rights) : undefined;
    if (stranger !== undefined)
        return without(`${stranger} gets no ID token, so nothing is pulled with the role`);
    try {
        const signedIn = await (0,sign_in/* signIn */.Jv)(wanted, {
            env: scope.rights,
            signal: scope.signal,
            say: scope.say,
            mask: scope.mask,
        });
        return await hand(signedIn, scope);
    }
    catch (error) {
        if (section['role-to-assume'] === undefined && isNobody(error, scope.rights))
            return without(`there are no AWS credentials here for ${asked.join(', ')}`);
        throw error;
    }
}
const without = (missing) => ({
    status: 'skipped',
    value: { env: {}, missing },
    reason: missing,
});
function strangerIn(env) {
    if ((0,id_token/* findTokenSource */.e)(env) !== undefined)
        return undefined;
    if ((0,job/* isFork */.B0)(env))
        return 'a pull request from a fork';
    return (0,job/* isDependabot */.DS)(env) ? "Dependabot's run" : undefined;
}
/** No credentials, and nothing that says that there should be some. */
const isNobody = (error, env) => error instanceof errors/* OutsideError */.Cp && (0,aws_failure/* isWithoutKeys */.T2)(Object(error.cause)) && !(0,identity/* hasAmbientKeys */.N)(env);
/**
 * Which hosts get a login: those of ECR by the role, narrowed to pulls, or by what the machine is to AWS; the others by
 * user name and password for pulls. A host that the user's own Docker configuration knows is left to that.
 */
async function planPull({ hosts, section }, scope) {
    const credentials = scope.credentials('pull');
    const byRole = section['role-to-assume'] !== undefined;
    const isAsked = byRole || (0,sign_in/* isForEcr */.Gz)(credentials);
    const own = isAsked || !hosts.some(isPrivateEcr) ? {} : await (0,docker_config/* readOwn */.jU)(scope.rights);
    const kept = credentials === undefined ? own : (0,docker_config/* besideLogins */.Ht)(own);
    const registries = hosts.filter(host => isPrivateEcr(host) ? isAsked || !(0,docker_config/* knowsHost */.bL)(kept, host) : credentials !== undefined);
    const asksAws = registries.some(isPrivateEcr) && byRole;
    if (asksAws && limits(section))
        scope.say('Session policies as given, and with them all but pulls is denied');
    return { registries, section: asksAws ? narrowedToPulls(section) : section, credentials };
}
const limits = (section) => section['inline-session-policy'] !== undefined || section['managed-session-policies'].length > 0;
async function hand({ authorizations, identity }, scope) {
    if (authorizations.length === 0)
        return { value: { env: {} }, reason: 'your own Docker configuration serves' };
    const folder = (0,external_node_path_.join)(scope.run.directory, 'private', 'login-pull');
    await (0,journal/* writeDown */._)(scope.run.directory, { kind: 'credentials', name: folder });
    const { DOCKER_CONFIG, BUILDX_CONFIG } = await (0,login_export/* writePrivateConfig */.t)(authorizations, folder, scope.rights);
    const whole = identity !== undefined && !identity.assumed;
    return {
        value: { env: { DOCKER_CONFIG, BUILDX_CONFIG } },
        reason: `${authorizations.flatMap(({ hosts }) => hosts).join(', ')}${whole ? `, with whatever ${identity.arn} may do: only a role is narrowed to pulls` : ''}`,
    };
}

;// CONCATENATED MODULE: ./.build/src/login/pulling.js

/**
 * A task whose programs pull: it waits for the login, and they get it. As it is where nothing private is pulled. Without
 * a right to log in it is tried all the same; a refusal then says why there was none.
 */
function pulling_pulling(inner, login) {
    if (login === undefined)
        return inner;
    return {
        ...inner,
        needs: [...inner.needs, login],
        perform(given, scope) {
            const { env, missing } = given.value(login);
            const performed = inner.perform(given, withEnvironment(scope, env));
            return missing === undefined ? performed : explained(performed, missing);
        },
    };
}
const withEnvironment = (scope, env) => ({ ...scope, env: { ...scope.env, ...env } });
async function explained(performed, missing) {
    try {
        return withReason(await performed, missing);
    }
    catch (error) {
        if (error instanceof errors/* OutsideError */.Cp && isRefusal(error.message))
            throw new errors/* OutsideError */.Cp(addTo(error.message, missing), { cause: error });
        throw error;
    }
}
function withReason(result, missing) {
    if (result.status === 'failed' && isRefusal(result.reason))
        return { ...result, reason: addTo(result.reason, missing) };
    if (result.status === 'broken' && isRefusal(result.fault.message))
        return { ...result, fault: { ...result.fault, message: addTo(result.fault.message, missing) } };
    return result;
}
const isRefusal = (text) => /\b40[13]\b|unauthorized|denied|forbidden|no basic auth/i.test(text);
const addTo = (text, missing) => `${text}\nNo login for pulls: ${missing}`;

;// CONCATENATED MODULE: ./.build/src/aws/repository-wish.js

/** Pure: where a repository that exists is not as one would be made now. */
function repository_wish_differencesOf(wish, { repository, lifecycle, tags }) {
    if (repository === undefined)
        return [];
    const { imageTagMutability, imageScanningConfiguration, encryptionConfiguration } = repository;
    const mutability = wish.immutable ? 'IMMUTABLE' : 'MUTABLE';
    const scans = imageScanningConfiguration?.scanOnPush ?? false;
    const differing = Object.entries(wish.tags).filter(([name, value]) => !tags.some(({ Key, Value }) => Key === name && Value === value));
    return [
        // Those with exclusions are of their kind: `IMMUTABLE_WITH_EXCLUSION`.
        ...(imageTagMutability?.startsWith(mutability)
            ? []
            : [`its tags are ${imageTagMutability}, asked for is ${mutability}`]),
        ...(scans === wish.scanOnPush ? [] : [`scan on push is ${scans ? 'on' : 'off'}`]),
        ...(wish.kmsKey === undefined || encryptionConfiguration?.kmsKey === wish.kmsKey
            ? []
            : ['it is not encrypted with that key']),
        ...(wish.lifecycle === undefined || sameJson(lifecycle, wish.lifecycle) ? [] : ['its lifecycle policy is another']),
        ...differing.map(([name]) => `its tag ${name} is another`),
    ];
}
function sameJson(one, other) {
    return one !== undefined && (0,external_node_util_.isDeepStrictEqual)(JSON.parse(one), JSON.parse(other));
}

// EXTERNAL MODULE: ./.build/src/aws/retry.js
var retry = __webpack_require__(46263);
;// CONCATENATED MODULE: ./.build/src/aws/repository.js





/** Makes the repository where it is missing; where it is there, only says what differs from the wish. */
async function ensureRepository(wish, { host, identity }, around) {
    const sdk = await Promise.all(/* import() */[__webpack_require__.e(422), __webpack_require__.e(279), __webpack_require__.e(118), __webpack_require__.e(861), __webpack_require__.e(249)]).then(__webpack_require__.t.bind(__webpack_require__, 28249, 19));
    const { account, region, fips, dualStack } = host;
    const { credentials, assumed } = identity;
    const client = new sdk.ECRClient(await (0,aws_client/* clientOptions */.s)({ service: 'ECR', region }, around.env, { credentials, fips, dualStack }));
    const api = { sdk, client, names: { registryId: account, repositoryName: wish.name } };
    try {
        return await makeOrCompare(wish, api, { ...around, fresh: assumed });
    }
    catch (error) {
        around.signal.throwIfAborted();
        const failure = (0,aws_failure/* failureOf */.g5)(error);
        const { name, message } = failure;
        const text = `create-repository: ${wish.name} in ${host.host}: ${message} (${name})\n${repository_adviceFor(name)}`;
        throw new errors/* OutsideError */.Cp(text, { cause: failure });
    }
    finally {
        client.destroy();
    }
}
// Create first and hear that it exists: whoever looks first and then creates races with the next job.
async function makeOrCompare(wish, api, around) {
    if (await make(wish, api, around)) {
        around.say(`Made the repository ${wish.name}`);
        return 'made';
    }
    const differences = repository_wish_differencesOf(wish, await look(wish, api, around));
    for (const difference of differences)
        around.say(`The repository ${wish.name} is there and stays as it is: ${difference}`);
    return 'was there';
}
async function make(wish, { sdk, client, names }, around) {
    const send = { abortSignal: around.signal };
    const create = new sdk.CreateRepositoryCommand({ ...names, ...renderWish(wish) });
    const attempt = () => client.send(create, send).then(() => true, ifExists);
    if (!(await (0,retry/* withRetry */.b)('Make the repository', attempt, around)))
        return false;
    const { lifecycle } = wish;
    if (lifecycle === undefined)
        return true;
    const put = new sdk.PutLifecyclePolicyCommand({ ...names, lifecyclePolicyText: lifecycle });
    await (0,retry/* withRetry */.b)('Set its lifecycle', () => client.send(put, send), around);
    return true;
}
function ifExists(error) {
    if ((0,aws_failure/* failureOf */.g5)(error).name === 'RepositoryAlreadyExistsException')
        return false;
    throw error;
}
const renderWish = ({ immutable, scanOnPush, kmsKey, tags }) => ({
    imageTagMutability: immutable ? 'IMMUTABLE' : 'MUTABLE',
    imageScanningConfiguration: { scanOnPush },
    ...(kmsKey === undefined ? {} : { encryptionConfiguration: { encryptionType: 'KMS', kmsKey } }),
    tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
});
/** What is there; lifecycle and tags are asked for only where the wish has any. */
async function look(wish, { sdk, client, names }, around) {
    const send = { abortSignal: around.signal };
    const { registryId, repositoryName } = names;
    const describe = new sdk.DescribeRepositoriesCommand({ registryId, repositoryNames: [repositoryName] });
    const { repositories } = await (0,retry/* withRetry */.b)('Look at the repository', () => client.send(describe, send), around);
    const [repository] = repositories ?? [];
    const policy = new sdk.GetLifecyclePolicyCommand(names);
    const list = new sdk.ListTagsForResourceCommand({ resourceArn: repository?.repositoryArn });
    const [lifecycle, tags] = await Promise.all([
        wish.lifecycle === undefined
            ? undefined
            : (0,retry/* withRetry */.b)('Look at its lifecycle', () => client.send(policy, send).catch(ifNone), around),
        Object.keys(wish.tags).length === 0
            ? undefined
            : (0,retry/* withRetry */.b)('Look at its tags', () => client.send(list, send), around),
    ]);
    return { repository, lifecycle: lifecycle?.lifecyclePolicyText, tags: tags?.tags ?? [] };
}
function ifNone(error) {
    if ((0,aws_failure/* failureOf */.g5)(error).name === 'LifecyclePolicyNotFoundException')
        return undefined;
    throw error;
}
const repository_adviceFor = (name) => /AccessDenied/.test(name)
    ? 'Allow the role on it: ecr:CreateRepository, ecr:DescribeRepositories, ecr:GetLifecyclePolicy, ecr:PutLifecyclePolicy, ecr:ListTagsForResource and ecr:TagResource.'
    : 'Look at the keys of create-repository.';

;// CONCATENATED MODULE: ./.build/src/login/repositories.js




/** Makes the repositories that are missing in private ECR registries, where `create-repository` asks for it. */
async function makeRepositories({ section, destinations, hosts, identity }, scope) {
    const wish = section['create-repository'];
    if (wish === false)
        return;
    const around = { env: scope.rights, signal: scope.signal, say: scope.say };
    for (const host of hosts) {
        const names = destinations.filter(({ registry }) => registry === host.host).map(({ repository }) => repository);
        const wishes = await Promise.all([...new Set(names)].map(name => wishFor(name, wish, scope)));
        if (host.kind === 'ecr')
            for (const one of wishes)
                await ensureRepository(one, { host, identity }, around);
    }
}
async function wishFor(name, wish, { context }) {
    if (wish === true)
        return { name, immutable: false, scanOnPush: false, lifecycle: undefined, kmsKey: undefined, tags: {} };
    return {
        name,
        immutable: wish.immutable,
        scanOnPush: wish['scan-on-push'],
        lifecycle: wish.lifecycle === undefined ? undefined : await repositories_readPolicy((0,external_node_path_.join)(context, wish.lifecycle)),
        kmsKey: wish['kms-key'],
        tags: wish.tags,
    };
}
async function repositories_readPolicy(file) {
    try {
        const text = await (0,promises_.readFile)(file, 'utf8');
        JSON.parse(text);
        return text;
    }
    catch (cause) {
        throw new errors/* UserError */.yo(`create-repository.lifecycle: ${file} can't be read as JSON`, { cause });
    }
}

;// CONCATENATED MODULE: ./.build/src/login/login.js







/**
 * Which hosts need a login of ours: those of ECR by AWS, the others by user name and password. A host that the user's
 * own Docker configuration knows is left to that, unless a role or a password is given.
 */
async function planSignIn({ registries, section }, scope) {
    const credentials = scope.credentials('push');
    const isAsked = section['role-to-assume'] !== undefined || (0,sign_in/* isForEcr */.Gz)(credentials);
    const isEcr = (host) => (0,registry_host/* parseRegistryHost */.T)(host).kind !== 'other';
    const own = isAsked || !registries.some(isEcr) ? {} : await (0,docker_config/* readOwn */.jU)(scope.rights);
    const kept = credentials === undefined ? own : (0,docker_config/* besideLogins */.Ht)(own);
    const open = registries.filter(host => isEcr(host) ? isAsked || !(0,docker_config/* knowsHost */.bL)(kept, host) : credentials !== undefined || isAsked);
    return { registries: open, section, credentials };
}
/** True where the sign-in asks AWS. */
const asksAws = (request) => (0,sign_in/* awsHostsOf */.KW)(request).length > 0;
/**
 * Logs in for the push, after the gate: a private configuration in the run's folder that only this user can read. The
 * user's own is never written; without anything to log in to it serves as it is.
 */
async function performLogin(request, scope) {
    const wanted = await planSignIn(request, scope);
    const around = { env: scope.rights, signal: scope.signal, say: scope.say, mask: scope.mask };
    const { authorizations, identity } = await (0,sign_in/* signIn */.Jv)(wanted, around);
    if (identity !== undefined)
        await makeRepositories({ ...request, identity, hosts: (0,sign_in/* awsHostsOf */.KW)(wanted) }, scope);
    if (authorizations.length === 0)
        return { folder: undefined, registries: request.registries };
    return { folder: await writeConfig(authorizations, scope), registries: request.registries };
}
async function writeConfig(authorizations, scope) {
    const folder = (0,external_node_path_.join)(scope.run.directory, 'private', 'login');
    await (0,journal/* writeDown */._)(scope.run.directory, { kind: 'credentials', name: folder });
    await (0,login_export/* writePrivateConfig */.t)(authorizations, folder, scope.rights);
    return folder;
}

;// CONCATENATED MODULE: ./.build/src/login/tasks.js





/**
 * Becomes the AWS identity once at the start and lets it go: a trust policy that is wrong is told in the first seconds,
 * not after the tests, and ends the run. Nothing of it is kept but its name.
 */
const identityTask = (request) => (0,task_task/* task */._W)({
    id: 'identity',
    request: { registries: request.registries, login: request.section },
    needs: {},
    weight: 0,
    vital: true,
    async perform(_, scope) {
        const wanted = await planSignIn(request, scope);
        if ((0,job/* isFork */.B0)(scope.rights) && request.section['role-to-assume'] !== undefined && !(0,id_token/* findTokenSource */.e)(scope.rights))
            return { status: 'skipped', reason: 'a pull request from a fork gets no ID token, so nothing is pushed' };
        if (!asksAws(wanted))
            return { value: null, reason: 'no registry of AWS asks for one' };
        const { account, arn } = await (0,sign_in/* checkIdentity */.Z0)(wanted, {
            env: scope.rights,
            signal: scope.signal,
            say: scope.say,
            mask: scope.mask,
        });
        return { value: { account, arn }, reason: arn };
    },
});
/** The login for the push. It needs the gate: no right to push exists while the app's or a test's code runs. */
const loginTask = (request, needs) => (0,task_task/* task */._W)({
    id: 'login',
    request: { registries: request.registries, login: request.section },
    needs: { ...needs },
    weight: 0,
    perform: async (_, scope) => ({ value: await performLogin(request, scope) }),
});

;// CONCATENATED MODULE: ./.build/src/gate/gate.js
const cleared = new WeakSet();
/** True for the very object that `gate()` made in this process. */
const isCleared = (value) => cleared.has(value);
/**
 * Decides whether images may ship. Every required verdict must be there, about the very digest that ships, and have
 * passed (or been skipped with a reason); something must have judged each image, unless nobody asked for it; no other
 * blocking verdict may be red. Never throws: a red gate is a value.
 */
function gate({ images, verdicts, required, unasked = false }) {
    const refusals = [
        ...(images.length === 0 ? ['there is no image to ship'] : []),
        ...images.filter(image => !unasked && !verdicts.some(verdict => isAbout(image, verdict))).map(unjudged),
        ...missingOf(required, verdicts),
        ...required.flatMap(need => refusalOf(need, verdicts)),
        ...describeAll(verdicts.filter(verdict => gate_isRed(verdict) || isRedRequired(verdict, required))),
    ];
    if (refusals.length > 0)
        return { passed: false, refusals };
    const pass = { images, verdicts };
    cleared.add(pass);
    return { passed: true, cleared: pass };
}
const unjudged = ({ name, platform, digest }) => `nothing passed about ${name} (${platform}) ${digest}: at least one of scan, contract, newman must judge it`;
// A red verdict about it is a judgement too, and refuses it by itself.
const isAbout = ({ digest }, verdict) => verdict.subject === digest && (verdict.status === 'passed' || gate_isRed(verdict));
const gate_isRed = ({ blocking, status }) => blocking && status !== 'passed' && status !== 'skipped';
// A task that is required counts, whatever its verdict says of blocking.
const isRedRequired = (verdict, required) => gate_isRed({ ...verdict, blocking: true }) && required.some(({ task }) => task === verdict.task);
/** Verdicts that are red for the same reason are told in one line. */
function describeAll(verdicts) {
    const groups = Map.groupBy(verdicts, ({ status, reason }) => `${status}${reason === undefined ? '' : `: ${reason}`}`);
    return [...groups].map(([how, group]) => `${group.map(({ task }) => task).join(', ')} ${how}`);
}
const missingOf = (required, verdicts) => required.filter(({ task }) => !verdicts.some(one => one.task === task)).map(({ task }) => `${task} gave no verdict`);
function refusalOf({ task, subject }, verdicts) {
    const verdict = verdicts.find(one => one.task === task);
    if (verdict?.status !== 'passed' || verdict.subject === subject)
        return [];
    return [`${task} is about ${verdict.subject}, not about ${subject}, which would ship`];
}

;// CONCATENATED MODULE: ./.build/src/push/push.js





/**
 * Ships a cleared image: copies it by digest into every repository, then sets the tags, and looks that each points at the
 * digest that was judged, or at an index of nothing else. Takes nothing but what `gate()` made in this process.
 * @throws OutsideError with the registry's own reason.
 */
async function pushImage(request, { cleared, staged, login }, scope) {
    if (!isCleared(cleared))
        throw new Error('push was given images that no gate has cleared');
    await checkCleared(request, { cleared, staged }, scope);
    const regctl = await openRegctl({ staging: staged.repository, login }, scope);
    for (const target of new Set(request.references.map(push_repositoryOf))) {
        scope.say(`Copy to ${target}@${staged.digest}`);
        await copyByDigest(staged, target, regctl);
    }
    const pushed = [];
    for (const reference of request.references)
        pushed.push(await setTag({ image: staged, target: push_repositoryOf(reference), tag: reference.tag }, regctl, scope));
    const programs = [{ name: 'regctl', version: regctl.version, path: regctl.path }];
    return {
        value: pushed,
        pushed,
        programs,
        subject: staged.digest,
        reason: `${pushed.length} ${pushed.length === 1 ? 'tag' : 'tags'}`,
    };
}
/** @throws Error (our bug, or a run that somebody wrote to) unless all that would ship was cleared */
async function checkCleared({ name }, { cleared, staged }, scope) {
    const digests = cleared.images.filter(image => image.name === name).map(({ digest }) => digest);
    if (digests.length === 0)
        throw new Error(`the gate cleared no image ${name}`);
    if (digests.length === 1 && digests.includes(staged.digest))
        return;
    const uncleared = unclearedIn(await readIndex(staged, scope.signal), digests);
    if (uncleared.length > 0)
        throw new Error(`the index of ${name} (${staged.digest}) is not what was cleared: ${uncleared.join(', ')}`);
}
/**
 * Pure: what is wrong with an index: a manifest that was not cleared, an attestation about something else, a cleared
 * image that is missing. Attestations name their image (moby/buildkit docs/attestations/attestation-storage.md).
 */
function unclearedIn({ manifests }, cleared) {
    const known = new Set(cleared);
    const strange = manifests.filter(one => !known.has(subjectOf(one)));
    const listed = new Set(manifests.map(({ digest }) => digest));
    return [
        ...strange.map(({ digest }) => `${digest} was not cleared`),
        ...cleared.filter(digest => !listed.has(digest)).map(digest => `${digest} is missing`),
    ];
}
/** What an entry stands for. Only what no engine would run, of platform unknown, is an attestation. */
const subjectOf = ({ digest, platform, annotations = {} }) => platform?.os === 'unknown' && annotations['vnd.docker.reference.type'] === 'attestation-manifest'
    ? (annotations['vnd.docker.reference.digest'] ?? '')
    : digest;
const push_repositoryOf = ({ registry, repository }) => `${registry}/${repository}`;
const copyByDigest = (image, target, regctl) => copyImage((0,record_image/* referenceOf */.Bz)(image), `${target}@${image.digest}`, regctl);
async function setTag({ image, target, tag }, regctl, scope) {
    const reference = `${target}:${tag}`;
    const before = await tagDigest(reference, regctl);
    if (before === image.digest)
        scope.say(`${reference} is there already`);
    else if (before !== undefined)
        scope.say(`${reference} moves; it was ${before}`);
    if (before !== image.digest)
        await copyImage(`${target}@${image.digest}`, reference, regctl);
    const after = before === image.digest ? before : await tagDigest(reference, regctl);
    if (after !== image.digest)
        throw new errors/* OutsideError */.Cp(`${reference} points at ${after ?? 'nothing'} after the push, not at ${image.digest}`);
    scope.say(`${reference} -> ${image.digest}`);
    return { reference, digest: image.digest };
}

;// CONCATENATED MODULE: ./.build/src/push/tasks.js


/**
 * Copies by digest, then sets the tags. `asked` is what the configuration asks for, and the task's request: the tags
 * themselves depend on the branch.
 */
const pushTask = (id, request, asked, needs) => (0,task_task/* task */._W)({
    id,
    request: asked,
    needs: { ...needs },
    weight: 0,
    estimate: 5_000,
    perform: (needed, scope) => pushImage(request, needed, scope),
});

// EXTERNAL MODULE: ./.build/src/record/finding.js
var record_finding = __webpack_require__(67896);
;// CONCATENATED MODULE: ./.build/src/scan/report.js


const severity = schemas/* string */.YjP()
    .transform(text => text.toLowerCase())
    .pipe(record_finding/* severitySchema */.X5);
const vulnerability = schemas/* looseObject */._H3({
    VulnerabilityID: schemas/* string */.YjP(),
    PkgName: schemas/* string */.YjP(),
    InstalledVersion: schemas/* string */.YjP(),
    FixedVersion: schemas/* string */.YjP().optional(),
    Severity: severity,
    Title: schemas/* string */.YjP().optional(),
    PrimaryURL: schemas/* string */.YjP().optional(),
});
const secret = schemas/* looseObject */._H3({ RuleID: schemas/* string */.YjP(), Title: schemas/* string */.YjP(), Severity: severity, StartLine: schemas/* number */.aig() });
const misconfiguration = schemas/* looseObject */._H3({
    ID: schemas/* string */.YjP(),
    Title: schemas/* string */.YjP(),
    Message: schemas/* string */.YjP().optional(),
    Severity: severity,
    Status: schemas/* string */.YjP(),
    PrimaryURL: schemas/* string */.YjP().optional(),
    CauseMetadata: schemas/* looseObject */._H3({ StartLine: schemas/* number */.aig().optional() }).optional(),
});
const part = schemas/* looseObject */._H3({
    Target: schemas/* string */.YjP(),
    /** debian, npm, dockerfile, …; secrets have none */
    Type: schemas/* string */.YjP().optional(),
    Vulnerabilities: schemas/* array */.YOg(vulnerability).nullish(),
    Secrets: schemas/* array */.YOg(secret).nullish(),
    Misconfigurations: schemas/* array */.YOg(misconfiguration).nullish(),
});
/** `EOSL`: Trivy knows that this release of the system is past its end of life. */
const system = schemas/* looseObject */._H3({ Family: schemas/* string */.YjP(), Name: schemas/* string */.YjP().optional(), EOSL: schemas/* boolean */.zMY().optional() });
/** Trivy's JSON report, schema version 2 (aquasecurity/trivy, pkg/types/report.go), as far as we read it. */
const report_reportSchema = schemas/* looseObject */._H3({
    SchemaVersion: schemas/* literal */.euz(2),
    Metadata: schemas/* looseObject */._H3({ OS: system.optional() }).nullish(),
    Results: schemas/* array */.YOg(part).nullish(),
});
/** Pure: the report; undefined when the text is not one of Trivy's. */
function parseReport(text) {
    try {
        return report_reportSchema.safeParse(JSON.parse(text)).data;
    }
    catch {
        return undefined;
    }
}

;// CONCATENATED MODULE: ./.build/src/scan/findings.js


/** Pure: what a report says; undefined when the text is not a report of Trivy. */
function parseTrivy(text, rules) {
    const report = parseReport(text);
    if (report === undefined)
        return undefined;
    const parts = report.Results ?? [];
    const all = [
        ...endOfLife(report),
        ...parts.flatMap(part => [...vulnerabilities(part), ...secrets(part), ...misconfigurations(part)]),
    ];
    const findings = all
        .filter(({ rule }) => !rules.ignore.includes(rule))
        .map(finding => ({ ...finding, blocking: isBlocking(finding, rules) }))
        .sort((a, b) => (0,record_finding/* severityRank */.qs)(b.severity) - (0,record_finding/* severityRank */.qs)(a.severity));
    return { targets: parts.filter(({ Type }) => Type !== undefined).length, findings };
}
// Nobody reports vulnerabilities of such a system any more: that none is found says nothing.
function endOfLife({ Metadata }) {
    if (Metadata?.OS?.EOSL !== true)
        return [];
    const { Family, Name = '' } = Metadata.OS;
    const message = `${`${Family} ${Name}`.trim()} is past its end of life: its vulnerabilities are no longer reported`;
    return [{ tool: 'trivy', rule: 'EOSL', severity: 'high', message }];
}
const vulnerabilities = ({ Vulnerabilities }) => (Vulnerabilities ?? []).map(found => ({
    tool: 'trivy',
    rule: found.VulnerabilityID,
    severity: found.Severity,
    message: found.Title ?? `${found.PkgName} ${found.InstalledVersion}`,
    package: {
        name: found.PkgName,
        installed: found.InstalledVersion,
        ...(found.FixedVersion ? { fixed: found.FixedVersion } : {}),
    },
    ...(found.PrimaryURL ? { url: found.PrimaryURL } : {}),
}));
// The match itself is left out: masked or not, it is a secret.
const secrets = ({ Target, Secrets }) => (Secrets ?? []).map(({ RuleID, Title, Severity, StartLine }) => ({
    tool: 'trivy',
    rule: RuleID,
    severity: Severity,
    message: `${Title} in ${Target}`,
    location: { file: Target, ...lineOf(StartLine) },
}));
const misconfigurations = ({ Target, Misconfigurations }) => (Misconfigurations ?? [])
    .filter(({ Status }) => Status === 'FAIL')
    .map(found => ({
    tool: 'trivy',
    rule: found.ID,
    severity: found.Severity,
    message: `${found.Title}${found.Message ? `: ${found.Message}` : ''}`,
    location: { file: Target, ...lineOf(found.CauseMetadata?.StartLine) },
    ...(found.PrimaryURL ? { url: found.PrimaryURL } : {}),
}));
const lineOf = (line) => (line !== undefined && line > 0 ? { line } : {});
function isBlocking(finding, rules) {
    if (rules.block === 'none' || isUnfixed(finding, rules))
        return false;
    return (0,record_finding/* severityRank */.qs)(finding.severity) >= (0,record_finding/* severityRank */.qs)(rules.block);
}
const isUnfixed = (finding, rules) => rules['ignore-unfixed'] && finding.package !== undefined && finding.package.fixed === undefined;

;// CONCATENATED MODULE: ./.build/src/scan/plan.js

/** Flags of every call: no call home, no update in the middle of a scan (aquasecurity/trivy, docs/references/cli). */
const quiet = ['--quiet', '--disable-telemetry', '--skip-version-check'];
/** One process at a time may hold Trivy's file cache; in memory, scans run side by side. */
const report = ['--format', 'json', '--exit-code', '0', '--cache-backend', 'memory', '--skip-db-update'];
/** Files that Trivy reads in place of those that lie in the checkout. They must be there, and the last no empty text. */
const settings = {
    'trivy.yaml': '{}\n',
    trivyignore: '',
    'trivy-secret.yaml': '{}\n',
};
/** Files that Trivy would read in the checkout by itself. */
const unread = ['.trivyignore', '.trivyignore.yaml', 'trivy.yaml', 'trivy-secret.yaml'];
/** Pure: fetch the vulnerability database once, before the scans that read it. `folder` holds the settings. */
const planDatabase = (folder) => [
    'image',
    '--download-db-only',
    '--config',
    (0,external_node_path_.join)(folder, 'trivy.yaml'),
    ...quiet,
];
/** Pure: scan the checkout: dependencies, secrets, misconfiguration. */
const planSourceScan = (folder) => [
    'filesystem',
    '--scanners',
    'vuln,secret,misconfig',
    // The checks that Trivy brings: a bundle fetched from elsewhere would make the result depend on the hour.
    '--skip-check-update',
    ...scanFlags(folder),
    '.',
];
/** Pure: scan an image where it is staged, at its digest. `insecure`: staging speaks plain HTTP on the loopback. */
const planImageScan = (reference, folder) => [
    'image',
    '--image-src',
    'remote',
    '--insecure',
    '--scanners',
    'vuln,secret',
    ...scanFlags(folder),
    reference,
];
// What a scan leaves out is said in one place, scan.ignore: no file of the checkout has a say.
const scanFlags = (folder) => [
    ...report,
    ...quiet,
    '--config',
    (0,external_node_path_.join)(folder, 'trivy.yaml'),
    '--ignorefile',
    (0,external_node_path_.join)(folder, 'trivyignore'),
    '--secret-config',
    (0,external_node_path_.join)(folder, 'trivy-secret.yaml'),
];
/** Where Trivy keeps its data and gets it from; every other variable of Trivy's could hide findings. */
const kept = ['TRIVY_CACHE_DIR', 'TRIVY_DB_REPOSITORY', 'TRIVY_JAVA_DB_REPOSITORY', 'TRIVY_CHECKS_BUNDLE_REPOSITORY'];
/** Pure: variables by which Trivy would be steered. */
const steeringIn = (env) => Object.keys(env).filter(name => /^trivy_/i.test(name) && env[name] !== undefined && !kept.includes(name));
/** Pure: the environment without them. */
function environmentOf(env) {
    const gone = new Set(steeringIn(env));
    return Object.fromEntries(Object.entries(env).filter(([name]) => !gone.has(name)));
}

;// CONCATENATED MODULE: ./.build/src/scan/scan.js









/** Finds Trivy and fetches its vulnerability database. */
async function openScanner(scope) {
    const { path, version } = await findTool('trivy', scope);
    tellUnread(scope);
    const argv = planDatabase(await settingsOf(scope));
    const end = await runTrivy({ title: 'Fetch the vulnerability database', path, argv }, scope);
    if (end.exitCode !== 0)
        throw new errors/* OutsideError */.Cp(`${end.failure}\n${databaseAdvice}`);
    return { value: { path, version }, programs: [{ name: 'trivy', version, path }] };
}
const databaseAdvice = 'Without its database Trivy can not look. Try again later, or name a mirror in TRIVY_DB_REPOSITORY.';
// A user who has them expects that they count.
function tellUnread({ context, env, say }) {
    const files = unread.filter(file => (0,external_node_fs_.existsSync)((0,external_node_path_.join)(context, file)));
    const found = [...files, ...steeringIn(env)];
    if (found.length > 0)
        say(`Not read: ${found.join(', ')}. Put the findings to leave out into scan.ignore`);
}
/** Writes the settings into the run's folder, each time: steps of their own find them as they were meant. */
async function settingsOf({ run }) {
    const folder = (0,external_node_path_.join)(run.directory, 'trivy');
    await Promise.all(Object.entries(settings).map(([name, text]) => (0,files/* writeWhole */.f8)((0,external_node_path_.join)(folder, name), text)));
    return folder;
}
/** Scans the checkout. */
async function scanSource(config, scanner, scope) {
    const argv = planSourceScan(await settingsOf(scope));
    const scanned = await scan({ title: 'Scan the source', path: scanner.path, argv }, config, scope);
    return { ...scan_judge(scanned, config), subject: 'source' };
}
/** Scans an image in staging, at the digest that ships. */
async function scanImage(config, { scanner, image }, scope) {
    const argv = planImageScan((0,record_image/* referenceOf */.Bz)(image), await settingsOf(scope));
    const scanned = await scan({ title: `Scan ${image.name}`, path: scanner.path, argv }, config, scope);
    return { ...scan_judge(scanned, config), subject: image.digest };
}
const brokenAdvice = 'A scanner that broke is not a clean scan: mend what it says, or run again.';
const otherTrivy = 'Take that Trivy off PATH, and pce fetches the one that it knows; or update either of them.';
async function runTrivy({ title, path, argv }, scope) {
    const env = environmentOf(scope.env);
    const program = { title, argv: [path, ...argv], cwd: scope.context, env, signal: scope.signal };
    const end = await (0,run/* runProgram */.mB)({ ...program, say: (line, stream) => stream === 'stderr' && scope.say(line) });
    return { ...end, failure: (0,run/* failureOf */.g5)(program, end) };
}
// Findings never make Trivy's exit code here (--exit-code 0): any other code means that it could not look.
async function scan(call, config, scope) {
    const end = await runTrivy(call, scope);
    if (end.exitCode !== 0)
        throw new errors/* OutsideError */.Cp(`${end.failure}\n${brokenAdvice}`);
    const scanned = parseTrivy(end.stdout, config);
    if (scanned === undefined)
        throw new errors/* OutsideError */.Cp(`${call.title}: what ${call.path} gave is no report of schema version 2\n${otherTrivy}`);
    return scanned;
}
/** Pure: the verdict over findings. */
function scan_judge({ findings, targets }, { block }) {
    const [worst, ...others] = findings.filter(finding => finding.blocking);
    const nothing = targets === 0 ? 'nothing in it that Trivy knows' : 'nothing found';
    const evidence = { findings: [...findings], reason: scan_countsOf(findings) ?? nothing };
    if (worst === undefined)
        return { value: 0, ...evidence };
    const count = others.length + 1;
    const reason = `${count} of severity ${block} or above, such as ${worst.rule}${scan_placeOf(worst)}`;
    return { status: 'failed', value: count, ...evidence, reason };
}
function scan_placeOf({ package: found, location, message }) {
    const place = found?.name ?? location?.file;
    return place === undefined ? `: ${message}` : ` in ${place}`;
}
function scan_countsOf(findings) {
    if (findings.length === 0)
        return undefined;
    const counts = Map.groupBy(findings, ({ severity }) => severity);
    return [...counts].map(([severity, found]) => `${found.length} ${severity}`).join(', ');
}

;// CONCATENATED MODULE: ./.build/src/scan/tasks.js


const scannerTask = () => (0,task_task/* task */._W)({
    id: 'scanner',
    request: null,
    needs: {},
    weight: 0,
    estimate: 20_000,
    perform: (_, scope) => openScanner(scope),
});
const sourceScanTask = (config, scanner) => (0,task_task/* task */._W)({
    id: 'scan:source',
    request: config,
    needs: { scanner },
    kind: 'blocking',
    estimate: 10_000,
    perform: (needed, scope) => scanSource(config, needed.scanner, scope),
});
const imageScanTask = (id, config, needs) => (0,task_task/* task */._W)({
    id,
    request: config,
    needs: { ...needs },
    kind: 'blocking',
    estimate: 15_000,
    perform: (needed, scope) => scanImage(config, needed, scope),
});

;// CONCATENATED MODULE: ./.build/src/test/literal.js
/** Compose reads `$` as the start of a variable; doubled it stays a `$`. What its own `config` gives is so already. */
const literally = (text) => text.replaceAll('$', '$$$$');
const literalValues = (values) => Object.fromEntries(Object.entries(values).map(([name, value]) => [name, literally(value)]));

;// CONCATENATED MODULE: ./.build/src/test/template.js

/** By these other code would run than the image ships, or as another user, or with other rights, than it is to have. */
const foreign = [
    'entrypoint',
    'command',
    'user',
    'privileged',
    'develop',
    'configs',
    'working_dir',
    'cap_add',
    'pid',
    'ipc',
    'network_mode',
    'volumes_from',
    'provider',
];
/** Pure: a service without what would keep its image from running as it ships. `checkout`: an absolute path. */
function asItShips(service, checkout) {
    const rest = Object.fromEntries(Object.entries(service).filter(([key]) => !foreign.some(gone => gone === key)));
    const left = withoutVolumes(rest, checkout, ({ type }) => type !== 'volume' && type !== 'tmpfs');
    // Compose writes `command: null` for a service that has none.
    const keys = foreign.filter(key => ![undefined, null, false].some(none => none === service[key]));
    return { service: left.service, dropped: [...left.dropped, ...keys] };
}
/** Pure: a service without bind mounts of the checkout or of a folder around it: they hide what the image holds. */
const withoutSource = (service, checkout) => withoutVolumes(service, checkout, ({ type, source = '' }) => {
    if (type !== 'bind')
        return false;
    return isWithin(checkout, source) || isWithin(source, checkout);
});
function withoutVolumes(service, checkout, isGone) {
    const { volumes, ...rest } = service;
    if (!Array.isArray(volumes))
        return { service, dropped: [] };
    const all = volumes;
    const kept = all.filter(volume => !isGone(volume));
    const dropped = all.filter(isGone).map(volume => `volumes ${render(volume, checkout)}`);
    return { service: kept.length === 0 ? rest : { ...rest, volumes: kept }, dropped };
}
function render({ source = '', target = '' }, checkout) {
    return `${isWithin(checkout, source) ? `./${(0,external_node_path_.relative)(checkout, source)}` : source}:${target}`;
}
function isWithin(folder, path) {
    const way = (0,external_node_path_.relative)(folder, path);
    return way !== '..' && !way.startsWith((0,external_node_path_.join)('..', '/')) && !(0,external_node_path_.isAbsolute)(way);
}

;// CONCATENATED MODULE: ./.build/src/test/document.js






/** Names of the services that need no build. */
const document_namesOf = ({ services }) => Object.keys(services).filter(name => services[name]?.build === undefined);
/**
 * Of this service nothing runs, but Compose makes the networks with it. Else app and tests, which start side by side,
 * would each make them: Docker takes two networks of one name, and then finds neither.
 */
const networksService = 'pce-networks';
/**
 * Pure: the services as Compose gets them: those that need no build, in this run's project and with its label.
 * @throws UserError for a name that is kept for the run's own services.
 */
function planServices(document, run) {
    const taken = Object.keys(document.services).filter(name => name.startsWith('pce-'));
    if (taken.length > 0)
        throw new errors/* UserError */.yo(`services: ${taken.join(', ')}: names that begin with pce- are the run's own; rename the service`);
    const services = document_namesOf(document).map(name => [name, ownService(document.services[name] ?? {}, run)]);
    const own = ownNames(document);
    const networks = Object.fromEntries(['default', ...Object.keys(own.networks ?? {})].map(key => [key, null]));
    const none = { image: stagingImage, deploy: { replicas: 0 }, networks };
    return { ...own, services: { ...Object.fromEntries(services), [networksService]: none } };
}
/** Pure: services of a Compose file that are built from source; the run puts its own staged images in their place. */
const templatesOf = ({ services }) => Object.fromEntries(Object.entries(services).filter(([, { build }]) => build !== undefined));
/**
 * Pure: the app as it ships, by digest, with what the Compose file says of what is around it. `dropped` is what it says
 * and is not taken, since a verdict about the image would be one about something else.
 */
function planApp(config, templates, { run, reference, context }) {
    const [name, whole] = appTemplate(config, templates);
    const { service: template, dropped } = asItShips(whole, context);
    const service = {
        ...ownService(template, run),
        // What the Compose file does after the start, `before` does before it, where a failure can be told.
        ...(config.before === undefined ? { post_start: template.post_start } : {}),
        image: reference,
        ports: [{ target: config.port, host_ip: '127.0.0.1', protocol: 'tcp' }],
        environment: { ...template.environment, ...literalValues(config.env) },
    };
    return { name, document: { services: { [name]: service } }, dropped };
}
/** Pure: the unit tests in their own image, with the environment of the Compose file's test service. */
function planUnit(config, templates, { run, reference, context }) {
    const [name, whole] = unitTemplate(config, templates);
    const { service: template, dropped } = withoutSource(whole, context);
    const service = {
        ...ownService(template, run),
        image: reference,
        environment: { ...template.environment, ...literalValues(config.env) },
        ...(config.run === undefined ? {} : { command: commandOf(config.run) }),
    };
    return { name, document: { services: { [name]: service } }, dropped };
}
/** Pure: what is not taken, as a line for the log; undefined when all is. */
const renderDropped = (dropped) => dropped.length === 0
    ? undefined
    : `Not taken from the Compose file, since the image must run as it ships: ${dropped.join(', ')}`;
function appTemplate({ service }, templates) {
    const named = service === undefined ? undefined : templates[service];
    if (service !== undefined && named === undefined && Object.keys(templates).length > 0) {
        throw new errors/* UserError */.yo(`app.service: ${service} is not a service with a build; those are: ${Object.keys(templates).join(', ')}`);
    }
    return [service ?? 'app', named ?? templates.app ?? {}];
}
function unitTemplate({ target }, templates) {
    const byTarget = Object.entries(templates).find(([, { build }]) => build?.target === target);
    return byTarget ?? ['test', templates.test ?? {}];
}
const commandOf = (command) => (0,fields/* argvOf */.UU)(command).map(literally);
const replaced = [
    'build',
    'ports',
    'container_name',
    'depends_on',
    'profiles',
    'restart',
    'pull_policy',
    'links',
    'post_start',
    'pre_stop',
];
function ownService(service, run) {
    const rest = Object.fromEntries(Object.entries(service).filter(([key]) => !replaced.some(gone => gone === key)));
    return { ...rest, labels: { ...service.labels, ...(0,run_run/* labelsOf */.PC)(run) } };
}
// Compose fills in names such as `web_default`, by which two runs would share a network or a volume.
function ownNames({ networks, volumes }) {
    return Object.fromEntries(Object.entries({ networks, volumes })
        .filter((entry) => typeof entry[1] === 'object' && entry[1] !== null)
        .map(([key, members]) => [key, Object.fromEntries(Object.entries(members).map(withoutName))]));
}
function withoutName([key, member]) {
    if (typeof member !== 'object' || member === null || 'external' in member)
        return [key, member];
    const { name: _, ...rest } = member;
    return [key, rest];
}

;// CONCATENATED MODULE: ./.build/src/test/presets.js

const health = (test) => ({ test, interval: '500ms', timeout: '2s', retries: 120 });
/** Services that are started well without further words: a health check, data in memory, a variable for the app. */
const presets = [
    {
        image: /(^|\/)postgres(:|@|$)/,
        service: {
            environment: { POSTGRES_USER: 'postgres', POSTGRES_PASSWORD: 'postgres', POSTGRES_DB: 'postgres' },
            tmpfs: ['/var/lib/postgresql/data'],
            // Over TCP: the image first starts a server for its init scripts, which listens on the socket alone.
            healthcheck: health(['CMD', 'pg_isready', '-h', '127.0.0.1', '-U', 'postgres']),
        },
        variable: name => ({ DATABASE_URL: `postgres://postgres:postgres@${name}:5432/postgres` }),
    },
    {
        image: /(^|\/)(redis|valkey)(:|@|$)/,
        service: { healthcheck: health(['CMD-SHELL', 'redis-cli ping | grep -q PONG']) },
        variable: name => ({ REDIS_URL: `redis://${name}:6379` }),
    },
];
/** Pure: a Compose document from the `services` section. */
function renderServices(services) {
    const rendered = Object.entries(services).map(([name, { image, env }]) => {
        const preset = presets.find(one => one.image.test(image))?.service ?? {};
        return [name, { ...preset, image, environment: { ...preset.environment, ...literalValues(env) } }];
    });
    return { services: Object.fromEntries(rendered) };
}
/** Pure: how the app finds the services of the `services` section. */
const variablesOf = (services) => Object.assign({}, ...Object.entries(services).map(([name, { image }]) => presets.find(one => one.image.test(image))?.variable(name)));

;// CONCATENATED MODULE: ./.build/src/test/services.js










/**
 * `docker compose` for this run: staging is in the same project, and no orphan. Compose makes paths absolute by PWD: the
 * shell's may name the checkout by a link, and then a bind mount of it would not be known as one.
 */
const composeEngine = (scope) => ({
    cwd: scope.context,
    env: { ...scope.env, PWD: scope.context, COMPOSE_IGNORE_ORPHANS: 'true', COMPOSE_MENU: 'false' },
    signal: scope.signal,
});
/**
 * Pulls and starts the services and waits for their health.
 * @throws OutsideError with the state and the last log lines of a service that did not become healthy.
 */
async function startServices(request, scope) {
    const document = await documentOf(request, scope);
    const planned = planServices(document, scope.run);
    const services = {
        project: (0,run_run/* projectOf */.v8)(scope.run.id),
        file: (0,external_node_path_.join)(scope.run.directory, 'private', 'services.json'),
        templatesFile: (0,external_node_path_.join)(scope.run.directory, 'private', 'templates.json'),
        names: document_namesOf(document),
    };
    await (0,journal/* writeDown */._)(scope.run.directory, { kind: 'project', name: services.project });
    await (0,files/* writeWhole */.f8)(services.file, JSON.stringify(planned), 0o600);
    await (0,files/* writeWhole */.f8)(services.templatesFile, JSON.stringify(templatesOf(document)), 0o600);
    await up(services, scope);
    return { value: services, reason: services.names.join(', ') || 'no services' };
}
async function documentOf({ compose, services }, scope) {
    if (compose !== undefined)
        return (0,docker_compose/* readCompose */.jy)(compose, composeEngine(scope));
    if (services === undefined)
        return { services: {} };
    const app = { build: {}, environment: variablesOf(services) };
    const rendered = renderServices(services);
    return { services: { ...rendered.services, app, test: app } };
}
async function up(services, scope) {
    const argv = (0,docker_compose/* composeArgv */.NS)({ name: services.project, files: [services.file] }, 'up', '--detach', '--wait', '--wait-timeout', '120', networksService, ...services.names);
    const end = await (0,docker/* tryDocker */.IY)('Start services', argv, composeEngine(scope), scope);
    if (end.exitCode === 0)
        return;
    const states = await describeServices(services, services.names, scope);
    throw new errors/* OutsideError */.Cp(`Services did not become healthy: ${services_lastLine(end.stderr)}\n${states}`);
}
const services_lastLine = (text) => text.trim().split('\n').at(-1) ?? '';
const stateSchema = schemas/* looseObject */._H3({
    Service: schemas/* string */.YjP(),
    State: schemas/* string */.YjP(),
    Health: schemas/* string */.YjP().optional(),
    ExitCode: schemas/* number */.aig().optional(),
});
/** What the engine says of containers of the project, also of those that ended. */
async function statesOf({ project }, names, scope) {
    const argv = ['compose', '--project-name', project, 'ps', '--all', '--format', 'json'];
    const text = await (0,docker/* docker */.T3)('Look at services', argv, composeEngine(scope));
    const states = text.split('\n').filter(line => line.startsWith('{'));
    return states.map(line => stateSchema.parse(JSON.parse(line))).filter(({ Service }) => names.includes(Service));
}
/** State and last log lines of services, for a message. */
async function describeServices(services, names, scope) {
    const states = await statesOf(services, names, scope);
    const lines = states.map(({ Service, State, Health, ExitCode }) => `${Service}: ${State}${Health ? `, ${Health}` : ''}${State === 'exited' ? `, exit code ${ExitCode}` : ''}`);
    return [...lines, await logsOf(services, names, scope)].join('\n');
}
/** The last log lines of services. */
async function logsOf({ project }, names, scope) {
    const argv = ['compose', '--project-name', project, 'logs', '--no-color', '--tail', '50', ...names];
    const { stdout } = await (0,docker/* tryDocker */.IY)('Read logs', argv, composeEngine(scope));
    return stdout.trim();
}
/** The templates that `startServices` kept. */
const readTemplates = async ({ templatesFile }) => JSON.parse((await (0,files/* readIfThere */.qC)(templatesFile)) ?? '{}');

;// CONCATENATED MODULE: ./.build/src/test/app.js









const pace = 100;
/** Starts the image that ships, by digest, and waits until it answers. Never ready is a verdict, with the last probe. */
async function startApp(config, { image, services }, scope) {
    const own = await (0,docker/* enginePlatform */.qY)(scope);
    if (!isPlatform(image.platform, own))
        return { status: 'skipped', reason: `not native: this host is ${own}`, subject: image.digest };
    const { name, document, dropped } = planApp(config, await readTemplates(services), {
        run: scope.run,
        reference: (0,record_image/* referenceOf */.Bz)(image),
        context: scope.context,
    });
    const notTaken = renderDropped(dropped);
    if (notTaken !== undefined)
        scope.say(notTaken);
    const file = (0,external_node_path_.join)(scope.run.directory, 'private', `app-${image.name}.json`);
    await (0,files/* writeWhole */.f8)(file, JSON.stringify(document), 0o600);
    const project = { name: services.project, files: [services.file, file] };
    const failed = (reason) => ({ status: 'failed', reason, subject: image.digest });
    const before = await runBefore(config, (0,docker_compose/* composeArgv */.NS)(project, 'run', '--rm', '--no-deps', '--no-TTY', '--quiet-pull', name), scope);
    if (before !== undefined)
        return failed(before);
    const up = await (0,docker/* tryDocker */.IY)('Start the app', (0,docker_compose/* composeArgv */.NS)(project, 'up', '--detach', '--no-deps', '--quiet-pull', name), composeEngine(scope), scope);
    if (up.exitCode !== 0)
        return failed(`the app can't start: ${up.stderr.trim().split('\n').at(-1)}`);
    const address = await (0,docker/* docker */.T3)('Find the app', (0,docker_compose/* composeArgv */.NS)(project, 'port', name, String(config.port)), composeEngine(scope)).catch(() => '');
    const url = `http://${address.trim()}`;
    const probe = { config, url, project: services.project, service: name };
    const ready = URL.canParse(url) ? await waitUntilReady(probe, scope) : await whyNoPort(probe, scope);
    if (ready !== undefined)
        return failed(`${ready}\n${await describeServices(services, [name], scope)}`);
    return { value: { project: services.project, service: name, url, digest: image.digest }, subject: image.digest };
}
/** `linux/arm64/v8` is `linux/arm64`: the variant that every machine of it has (OCI image-spec, image-index.md). */
const isPlatform = (one, other) => plainly(one) === plainly(other);
const plainly = (platform) => platform.replace(/^(linux\/arm64)\/v8$/, '$1');
async function runBefore({ before }, argv, scope) {
    if (before === undefined)
        return undefined;
    const command = (0,fields/* argvOf */.UU)(before);
    const end = await (0,docker/* tryDocker */.IY)('Before the app', [...argv, ...command], composeEngine(scope), scope);
    if (end.exitCode === 0)
        return undefined;
    const tail = (end.stdout.trim() || end.stderr.trim()).split('\n').slice(-20).join('\n');
    return `app.before: ${command.join(' ')} ended with exit code ${end.exitCode}\n${tail}`;
}
/** Asks over HTTP until the app answers 2xx or 3xx; gives why not when its time is over or its container ended. */
async function waitUntilReady({ config, url, project, service }, scope) {
    const began = Date.now();
    for (let tries = 1;; tries += 1) {
        scope.signal.throwIfAborted();
        const answer = await app_ask(`${url}${config.ready}`);
        if (answer === 'ready') {
            scope.say(`Ready after ${((Date.now() - began) / 1000).toFixed(1)} s: ${url}${config.ready}`);
            return undefined;
        }
        const ended = tries % 5 === 1 ? await findEnd({ project, service }, scope) : undefined;
        if (ended !== undefined)
            return ended;
        if (Date.now() - began > config.timeout) {
            return `the app was not ready within ${config.timeout / 1000} s: ${config.ready} gave ${answer}`;
        }
        await (0,external_node_timers_promises_.setTimeout)(pace, undefined, { signal: scope.signal });
    }
}
async function findEnd({ project, service }, scope) {
    const [state] = await statesOf({ project }, [service], scope);
    const isOver = state?.State === 'exited' || state?.State === 'dead';
    return isOver ? `the app ended before it was ready (exit code ${state.ExitCode})` : undefined;
}
// A container that ended has no ports any more: then its end is what there is to tell.
const whyNoPort = async (probe, scope) => (await findEnd(probe, scope)) ??
    `the app's port ${probe.config.port} is not published on this machine: is it in a network without a way to the host, such as one that is internal?`;
async function app_ask(url) {
    try {
        const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(5_000) });
        const text = await response.text();
        if (response.status >= 200 && response.status < 400)
            return 'ready';
        return `HTTP ${response.status} ${text.slice(0, 300)}`;
    }
    catch (error) {
        return error instanceof Error ? String(error.cause ?? error.message) : String(error);
    }
}

// EXTERNAL MODULE: ./node_modules/fastest-levenshtein/mod.js
var mod = __webpack_require__(21916);
;// CONCATENATED MODULE: ./.build/src/test/newman/collections.js




const beside = (name) => name === 'node_modules' || name === '.git';
async function collections_filesOf(pattern, context) {
    const found = [];
    for await (const path of (0,promises_.glob)(pattern, { cwd: context, exclude: beside }))
        found.push(path);
    return found.sort();
}
/**
 * The files that paths and globs name, absolute, each once: in the order of the patterns, and sorted within a glob.
 * @throws UserError when a pattern finds nothing, names a directory, or leads outside of `context`, through a link too.
 */
async function findCollections(patterns, context) {
    const lists = await Promise.all(patterns.map(pattern => collections_expand(pattern, context)));
    return [...new Set(lists.flat())];
}
async function collections_expand(pattern, context) {
    const found = (await collections_filesOf(pattern, context)).map(path => (0,external_node_path_.resolve)(context, path));
    const files = await keepFiles(found, pattern);
    if (files.length === 0)
        throw new errors/* UserError */.yo(`newman: ${pattern} finds no collection${await nearNames(pattern, context)}`);
    await Promise.all(files.map(file => mustBeInside(file, context)));
    return files;
}
async function keepFiles(paths, pattern) {
    const stats = await Promise.all(paths.map(path => (0,promises_.stat)(path).catch(() => undefined)));
    if (paths.length === 1 && stats[0]?.isDirectory()) {
        throw new errors/* UserError */.yo(`newman: ${pattern} is a directory; give the collections in it: ${(0,external_node_path_.join)(pattern, '*.json')}`);
    }
    return paths.filter((_, index) => stats[index]?.isFile());
}
async function mustBeInside(file, context) {
    const [real, root] = await Promise.all([(0,promises_.realpath)(file), (0,promises_.realpath)(context)]);
    if (!real.startsWith(root + external_node_path_.sep)) {
        throw new errors/* UserError */.yo(`newman: ${(0,external_node_path_.relative)(context, file)} leads outside of the repository (${real}); copy it in`);
    }
}
async function nearNames(pattern, context) {
    const candidates = await collections_filesOf('**/*.postman_collection.json', context);
    const near = candidates.sort((a, b) => (0,mod/* distance */.Io)(a, pattern) - (0,mod/* distance */.Io)(b, pattern)).slice(0, 3);
    return near.length === 0 ? '; no *.postman_collection.json is in the repository' : `; there are: ${near.join(', ')}`;
}

;// CONCATENATED MODULE: ./.build/src/test/newman/origins.js
/**
 * Pure: how many requests of the collection went where. What scripts send by pm.sendRequest does not count, nor does an
 * address in which a variable has no value: that is an error of its own.
 */
function originsOf(events) {
    const sent = events.filter(event => event.type === 'request').filter(({ nested }) => !nested);
    const origins = sent.map(({ url }) => originOf(url)).filter(origin => origin !== undefined);
    return Object.fromEntries([...Map.groupBy(origins, origin => origin)].map(([origin, all]) => [origin, all.length]));
}
// Postman adds http:// where an address has no protocol.
function originOf(address) {
    const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(address) ? address : `http://${address}`);
    return url === null || /[{}]/.test(url.host) ? undefined : url.origin;
}
/** Pure: the requests that went to the app. */
const requestsTo = (origins, app) => origins[new URL(app).origin] ?? 0;
/** Pure: `https://api.example.com (2)` for each place that is not the app. */
const origins_elsewhere = (origins, app) => Object.entries(origins)
    .filter(([origin]) => origin !== new URL(app).origin)
    .map(([origin, count]) => `${origin} (${count})`);

;// CONCATENATED MODULE: ./.build/src/test/newman/judge.js

const many = (count, noun) => `${count} ${noun}${count === 1 ? '' : 's'}`;
/** Whether a run is a passed test, and why. A run that looked at too little is not: an empty collection proves nothing. */
function judgeNewman(report, limits) {
    const trouble = report.timedOut ?? failures(report);
    if (trouble !== undefined)
        return { passed: false, reason: withElsewhere(trouble, report, limits) };
    const lack = strayed(report, limits) ?? tooFew(report, limits);
    if (lack !== undefined)
        return { passed: false, reason: lack };
    return { passed: true, reason: withElsewhere(summary(report), report, limits) };
}
function withElsewhere(reason, { origins }, { url }) {
    const others = origins_elsewhere(origins, url);
    return others.length === 0 ? reason : `${reason}; not to the app: ${others.join(', ')}`;
}
// An environment whose address wins, or a collection that uses another variable: all green, and about something else.
function strayed({ origins, collection }, { url, ...limits }) {
    const others = origins_elsewhere(origins, url);
    if (others.length === 0 || requestsTo(origins, url) > 0)
        return undefined;
    const name = limits['base-url-variable'];
    const advice = `let it use {{${name}}}, or name the variable that it uses in newman.base-url-variable`;
    return `${collection}: no request went to the app (${url}), but to ${others.join(', ')}: ${advice}`;
}
function failures({ tests, failed, errors, assertions }) {
    if (failed + errors === 0)
        return undefined;
    const counts = [
        ...(failed > 0 ? [`${failed} of ${many(Math.max(assertions, failed), 'assertion')} failed`] : []),
        ...(errors > 0 ? [many(errors, 'error')] : []),
    ];
    const first = tests.find(({ status }) => status === 'failed' || status === 'error');
    return `${counts.join(', ')}; first: ${first?.name}: ${first?.message}`;
}
function tooFew(report, limits) {
    const { origins, assertions, skipped, collection } = report;
    const judged = assertions - skipped;
    const requests = requestsTo(origins, limits.url);
    if (requests < limits['min-requests']) {
        return `${withElsewhere(`${collection}: ${many(requests, 'request')} to the app ran`, report, limits)}, at least ${limits['min-requests']} must (min-requests)`;
    }
    if (judged >= limits['min-assertions'])
        return undefined;
    return `${collection}: ${many(judged, 'assertion')} ran, at least ${limits['min-assertions']} must (min-assertions)`;
}
/** `4 assertions of 3 requests passed; 3 of 4 requests executed, never: Delete user; no test in: Ping`. */
function summary({ requests, assertions, skipped, executed, untested }) {
    const notes = [
        `${many(assertions - skipped, 'assertion')} of ${many(requests, 'request')} passed`,
        ...(skipped > 0 ? [`${skipped} skipped`] : []),
        ...(executed.never.length > 0 ? [`${renderExecuted(executed)}, never: ${executed.never.join(', ')}`] : []),
        ...(untested.length > 0 ? [`no test in: ${untested.join(', ')}`] : []),
    ];
    return notes.join('; ');
}
/** `3 of 4 requests executed`. */
const renderExecuted = ({ ran, of }) => `${ran} of ${many(of, 'request')} executed`;

;// CONCATENATED MODULE: ./.build/src/test/newman/events.js

// `ref` names one execution of one item: a loop by setNextRequest runs an item twice under the same position.
const at = { ref: schemas/* string */.YjP(), position: schemas/* number */.aig(), iteration: schemas/* number */.aig() };
const count = schemas/* object */.Ikc({ total: schemas/* number */.aig(), failed: schemas/* number */.aig() });
/** Newman's own counts at the end of a run, to compare ours with. */
const statsSchema = schemas/* object */.Ikc({ requests: count, assertions: count, scripts: count, failures: schemas/* number */.aig() });
/** What the worker tells on its pipe, a line of JSON each. Texts hold no secret and no more than 2 kB. */
const events_eventSchema = schemas/* discriminatedUnion */.gMt('type', [
    schemas/* object */.Ikc({
        type: schemas/* literal */.euz('start'),
        /** Newman's */
        version: schemas/* string */.YjP(),
        iterations: schemas/* number */.aig(),
        items: schemas/* array */.YOg(schemas/* object */.Ikc({ name: schemas/* string */.YjP(), suite: schemas/* string */.YjP() })),
    }),
    schemas/* object */.Ikc({ type: schemas/* literal */.euz('item'), ...at }),
    schemas/* object */.Ikc({
        type: schemas/* literal */.euz('request'),
        ...at,
        /** sent by a script through pm.sendRequest */
        nested: schemas/* boolean */.zMY(),
        method: schemas/* string */.YjP(),
        url: schemas/* string */.YjP(),
        status: schemas/* number */.aig().optional(),
        reason: schemas/* string */.YjP().optional(),
        ms: schemas/* number */.aig(),
        excerpt: schemas/* string */.YjP().optional(),
        error: schemas/* string */.YjP().optional(),
        /** variables that still stood in the address or the headers when the request was sent */
        unresolved: schemas/* array */.YOg(schemas/* string */.YjP()),
    }),
    schemas/* object */.Ikc({
        type: schemas/* literal */.euz('assertion'),
        ...at,
        name: schemas/* string */.YjP(),
        skipped: schemas/* boolean */.zMY(),
        error: schemas/* string */.YjP().optional(),
    }),
    schemas/* object */.Ikc({ type: schemas/* literal */.euz('script'), ...at, listen: schemas/* string */.YjP(), error: schemas/* string */.YjP() }),
    schemas/* object */.Ikc({ type: schemas/* literal */.euz('exception'), ...at, error: schemas/* string */.YjP() }),
    schemas/* object */.Ikc({ type: schemas/* literal */.euz('console'), level: schemas/* string */.YjP(), text: schemas/* string */.YjP() }),
    schemas/* object */.Ikc({ type: schemas/* literal */.euz('done'), error: schemas/* string */.YjP().optional(), stats: statsSchema.optional() }),
]);

;// CONCATENATED MODULE: ./.build/src/test/newman/lines.js
/**
 * The lines of a stream, by line feed alone. node:readline also ends a line at U+2028 and U+2029, which JSON leaves as
 * they are: a name with one in it could bring a second event along.
 */
async function* lines_linesOf(stream) {
    let rest = '';
    for await (const chunk of stream.setEncoding('utf8')) {
        const lines = (rest + chunk).split('\n');
        rest = lines.pop() ?? '';
        yield* lines;
    }
    if (rest !== '')
        yield rest;
}

;// CONCATENATED MODULE: ./.build/src/test/newman/watchdog.js
/** Asks at the time-out, kills after the grace; kills too when a worker that is done does not go. */
function watchdog({ timeout, grace, ask, kill }) {
    let late = false;
    let killer;
    const timer = setTimeout(() => {
        late = true;
        ask();
        killer = setTimeout(kill, grace);
    }, timeout);
    return {
        timedOut: () => late,
        done() {
            clearTimeout(timer);
            killer ??= setTimeout(kill, grace);
        },
        stop() {
            clearTimeout(timer);
            clearTimeout(killer);
        },
    };
}

;// CONCATENATED MODULE: ./.build/src/test/newman/child.js







const passed = ['PATH', 'LANG', 'HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy'];
/** The worker's whole environment: no token, no home of the user's, and no proxy in the way of the app. Pure. */
function child_environmentOf(env, home) {
    const direct = [env.NO_PROXY ?? env.no_proxy, '127.0.0.1', 'localhost'].filter(Boolean).join(',');
    const kept = passed.flatMap(name => (env[name] === undefined ? [] : [[name, env[name]]]));
    return { ...Object.fromEntries(kept), HOME: home, NO_PROXY: direct, no_proxy: direct };
}
// Besides the sandbox of Postman's scripts, Node's: no writing, no other programs, no native code. Workers are what
// the sandbox is made of. Newman's dependencies use deprecated parts of Node, which is no news for a user.
const flags = [
    '--permission',
    '--allow-fs-read=*',
    '--allow-worker',
    '--disable-warning=SecurityWarning',
    '--no-deprecation',
];
/**
 * Runs the worker in a process group, an empty home and an empty directory of its own, and hears it to its end.
 * @throws OutsideError when it ended without `done` and not by its time-out; the signal's reason when it was aborted.
 */
async function converse(conversation, scope) {
    scope.signal.throwIfAborted();
    await (0,promises_.mkdir)(scope.run.directory, { recursive: true });
    const home = await (0,promises_.mkdtemp)((0,external_node_path_.join)(scope.run.directory, 'newman-'));
    try {
        return await hear(conversation, home, scope);
    }
    finally {
        await (0,promises_.rm)(home, { recursive: true, force: true });
    }
}
function start({ worker, grace }, home, { env, signal }) {
    const child = (0,execa/* execa */.Ho)(process.execPath, [...flags, worker], {
        stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
        buffer: false,
        reject: false,
        cwd: home,
        env: child_environmentOf(env, home),
        extendEnv: false,
        cancelSignal: signal,
        killDescendants: true,
        forceKillAfterDelay: grace,
    });
    // A worker that died does not read any more; how it ended says it better than EPIPE.
    child.stdin.on('error', () => { });
    return child;
}
async function hear(conversation, home, scope) {
    const { request, timeout, grace } = conversation;
    const child = start(conversation, home, scope);
    const kill = () => child.kill('SIGKILL');
    const watch = watchdog({ timeout, grace, ask: () => child.stdin.write('abort\n'), kill });
    const events = [];
    const said = [];
    const note = (line) => {
        scope.say(line);
        said.push(line);
    };
    const take = (line) => {
        const event = parseEvent(line, watch.timedOut());
        if (event === undefined)
            return;
        events.push(event);
        if (event.type === 'done')
            watch.done();
        conversation.hear(event);
    };
    child.stdin.write(`${JSON.stringify(request)}\n`);
    // The pipe of events is descriptor 3: a stream to read, though its type can't tell the direction.
    const reading = [child_each(child.stdio[3], take), child_each(child.stdout, note), child_each(child.stderr, note)];
    const end = await endOf(child, reading, kill).finally(watch.stop);
    scope.signal.throwIfAborted();
    if (watch.timedOut() || events.at(-1)?.type === 'done')
        return { events, timedOut: watch.timedOut() };
    throw new errors/* OutsideError */.Cp(deathOf(request.collection, end, said));
}
// What can't be read is our bug; the process must not outlive it.
async function endOf(child, reading, kill) {
    const [end] = await Promise.all([child, ...reading]).catch(error => {
        kill();
        throw error;
    });
    return end;
}
function deathOf(collection, { exitCode, signal }, said) {
    const how = signal === undefined ? `exit code ${exitCode}` : `signal ${signal}`;
    const head = `Newman on ${collection}: its process ended with ${how} before the run was done; run it again`;
    return [head, ...said.slice(-20)].join('\n');
}
/** A worker that was killed at its time-out may leave half a line; any other line that is no event is our bug. */
function parseEvent(line, late) {
    try {
        return events_eventSchema.parse(JSON.parse(line));
    }
    catch (cause) {
        if (late)
            return undefined;
        throw new Error(`the Newman worker wrote a line that is no event: ${line.slice(0, 200)}`, { cause });
    }
}
async function child_each(stream, tell) {
    for await (const line of lines_linesOf(stream))
        tell(line);
}

// EXTERNAL MODULE: ./node_modules/zod/v4/core/errors.js
var core_errors = __webpack_require__(37428);
// EXTERNAL MODULE: ./node_modules/@humanwhocodes/momoa/dist/momoa.js
var momoa = __webpack_require__(93162);
;// CONCATENATED MODULE: ./.build/src/test/newman/json.js



/** Reads a file that the user named. @throws UserError when it is missing, a directory, unreadable or empty. */
async function readSource(file, path, what) {
    const found = await (0,promises_.stat)(file).catch(() => undefined);
    if (found === undefined)
        throw new errors/* UserError */.yo(`${path}: no such file; give the path of ${what}`);
    if (!found.isFile())
        throw new errors/* UserError */.yo(`${path}: not a file; give the path of ${what}`);
    const text = await (0,promises_.readFile)(file, 'utf8').catch(cause => {
        throw new errors/* UserError */.yo(`${path}: can't be read (${cause.code})`, { cause });
    });
    if (text.trim() === '')
        throw new errors/* UserError */.yo(`${path}: empty; expected ${what}`);
    return { path, text: text.replace(/^\uFEFF/, '') };
}
/** Parses JSON and keeps where each value stands. @throws UserError with line and column. */
function json_parseJson({ path, text }) {
    try {
        const document = (0,momoa/* parse */.qg)(text);
        return { document, value: (0,momoa/* evaluate */._3)(document) };
    }
    catch (error) {
        if (!isPositioned(error))
            throw error;
        const [line, column, message] = error.message.startsWith('Unexpected end') ? json_endOf(text) : placed(error);
        throw new errors/* UserError */.yo(`${path}:${line}:${column}: not valid JSON: ${message}`, { cause: error });
    }
}
const isPositioned = (error) => error instanceof Error && 'line' in error;
const placed = ({ line, column, message }) => [line, column, message.replace(/ found\. \(\d+:\d+\)$/, '').replace(/^U/, 'u')];
function json_endOf(text) {
    const lines = text.trimEnd().split('\n');
    return [lines.length, (lines.at(-1) ?? '').length + 1, 'it ends here, unfinished'];
}

;// CONCATENATED MODULE: ./.build/src/test/newman/collection.js



const collection_variable = schemas/* object */.Ikc({ key: schemas/* string */.YjP().optional(), id: schemas/* string */.YjP().optional(), value: schemas/* unknown */.L5J().optional() });
const script = schemas/* object */.Ikc({ exec: schemas/* union */.KCZ([schemas/* string */.YjP(), schemas/* array */.YOg(schemas/* string */.YjP())]).optional() });
const collection_event = schemas/* object */.Ikc({ script: schemas/* union */.KCZ([script, schemas/* string */.YjP()]).optional() });
const common = {
    auth: schemas/* unknown */.L5J().optional(),
    event: schemas/* array */.YOg(collection_event).default([]),
    variable: schemas/* array */.YOg(collection_variable).default([]),
};
const commonSchema = schemas/* object */.Ikc(common);
const itemSchema = schemas/* object */.Ikc({
    name: schemas/* string */.YjP().optional(),
    request: schemas/* unknown */.L5J().optional(),
    item: schemas/* array */.YOg(schemas/* lazy */.RZV(() => itemSchema)).optional(),
    ...common,
});
const collectionSchema = schemas/* object */.Ikc({
    info: schemas/* object */.Ikc({ name: schemas/* string */.YjP(), schema: schemas/* string */.YjP() }),
    item: schemas/* array */.YOg(itemSchema),
    ...common,
});
const collection_advice = 'export it from Postman as "Collection v2.1" and give that file';
/** Parses a Postman collection v2.0 or v2.1. @throws UserError that says what the file is instead, and what to export. */
function parseCollection(source) {
    if (/\.ya?ml$/.test(source.path)) {
        throw new errors/* UserError */.yo(`${source.path}: collections in YAML (v3) run in Postman's own program only; ${collection_advice}`);
    }
    const { document, value } = json_parseJson(source);
    refuseOthers(source.path, value);
    const parsed = collectionSchema.safeParse(value);
    if (!parsed.success) {
        throw new errors/* UserError */.yo(`${source.path}: not a Postman collection v2.1; ${collection_advice}\n${core_errors/* prettifyError */.S1(parsed.error)}`);
    }
    return { path: source.path, name: parsed.data.info.name, content: parsed.data, lines: collection_linesOf(document.body) };
}
const has = (value, ...keys) => typeof value === 'object' && value !== null && keys.every(key => key in value);
function refuseOthers(path, value) {
    const other = otherKind(value);
    if (other !== undefined)
        throw new errors/* UserError */.yo(`${path}: ${other}; ${collection_advice}`);
}
function otherKind(value) {
    if (has(value, 'values', 'name'))
        return 'a Postman environment, not a collection';
    if (has(value, 'openapi') || has(value, 'swagger'))
        return 'an OpenAPI document, not a collection';
    if (has(value, 'requests', 'order'))
        return 'a Postman collection v1';
    if (has(value, 'collection'))
        return "the answer of Postman's API around a collection";
    if (!has(value, 'info', 'item'))
        return 'not a Postman collection v2.1: it has no "info" and "item"';
    const { info } = value;
    const schema = has(info, 'schema') ? String(info.schema) : 'missing';
    return /\/v2\.[01]\.0\//.test(schema) ? undefined : `not a Postman collection v2.0 or v2.1: info.schema is ${schema}`;
}
const member = (node, name) => node.type === 'Object'
    ? node.members.find(({ name: key }) => key.type === 'String' && key.value === name)?.value
    : undefined;
function collection_linesOf(node) {
    const items = member(node, 'item');
    if (items?.type !== 'Array')
        return [];
    return items.elements.flatMap(({ value }) => member(value, 'item') === undefined ? [(member(value, 'name') ?? value).loc.start.line] : collection_linesOf(value));
}

;// CONCATENATED MODULE: ./.build/src/test/newman/environment.js



const environmentSchema = schemas/* looseObject */._H3({
    values: schemas/* array */.YOg(schemas/* looseObject */._H3({
        key: schemas/* string */.YjP(),
        value: schemas/* unknown */.L5J(),
        type: schemas/* string */.YjP().optional(),
        enabled: schemas/* boolean */.zMY().default(true),
    })),
});
/** Parses a Postman environment. @throws UserError when the file is something else. */
function parseEnvironment(source) {
    const parsed = environmentSchema.safeParse(json_parseJson(source).value);
    if (!parsed.success) {
        throw new errors/* UserError */.yo(`${source.path}: not a Postman environment; export it from Postman's Environments\n${core_errors/* prettifyError */.S1(parsed.error)}`);
    }
    const { values } = parsed.data;
    return {
        names: values.filter(({ enabled }) => enabled).map(({ key }) => key),
        secrets: values.filter(({ type, value }) => type === 'secret' && Boolean(value)).map(({ value }) => String(value)),
    };
}
/** The names of the columns of iteration data: JSON (a list of objects) or CSV with a header row, as Newman reads it. */
function columnsOf({ text }) {
    try {
        const rows = JSON.parse(text);
        return Array.isArray(rows) ? [...new Set(rows.flatMap(row => Object.keys(row ?? {})))] : [];
    }
    catch {
        const [header = ''] = text.split(/\r?\n/, 1);
        return header.split(',').map(name => name.trim().replace(/^"(.*)"$/, '$1'));
    }
}

;// CONCATENATED MODULE: ./.build/src/test/newman/preflight.js

const preflight_partsOf = (part) => [part, ...(part.item ?? []).flatMap(preflight_partsOf)];
const titleOf = (part) => ('info' in part ? 'the collection' : (part.name ?? 'a request without a name'));
const scriptsOf = ({ event }) => event.flatMap(({ script }) => {
    const exec = typeof script === 'string' ? script : (script?.exec ?? '');
    return typeof exec === 'string' ? exec : exec.join('\n');
});
// pm.environment.set('a', …), pm.collectionVariables.set("a", …), postman.setGlobalVariable(`a`, …)
const setter = /\b(?:pm\s*\.\s*\w+\s*\.\s*set|postman\s*\.\s*set\w+)\s*\(\s*(['"`])(.+?)\1/g;
const setBy = (script) => [...script.matchAll(setter)].map(([, , name = '']) => name);
const definedIn = (part) => [
    ...part.variable.map(({ key, id }) => key ?? id ?? ''),
    ...scriptsOf(part).flatMap(setBy),
];
// `{{$guid}}` and the like are made by Postman.
function usedIn(part) {
    const { auth, variable } = part;
    const request = 'request' in part ? part.request : null;
    const text = JSON.stringify([request, auth, variable.map(({ value }) => value)]);
    return [...text.matchAll(/\{\{([^{}"\\]+)\}\}/g)]
        .map(([, name = '']) => name.trim())
        .filter(name => !name.startsWith('$'));
}
/** Variables that no collection, environment, given value or script in sight defines. Scripts may still set them. Pure. */
function findUndefined({ content }, given) {
    const parts = preflight_partsOf(content);
    const known = new Set([...given, ...parts.flatMap(definedIn)]);
    const uses = parts.flatMap(part => usedIn(part).map(variable => ({ variable, request: titleOf(part) })));
    const unknown = uses.filter(({ variable }) => !known.has(variable));
    return unknown.filter((use, index) => unknown.findIndex(({ variable }) => variable === use.variable) === index);
}
/** One line on such a variable, with the name that may have been meant. */
function renderUndefined({ variable, request }, given) {
    const near = given.length === 0 ? undefined : (0,mod/* closest */.kp)(variable, [...given]);
    const hint = near !== undefined && (0,mod/* distance */.Io)(near, variable) <= 2 ? `; did you mean {{${near}}}?` : '';
    return `{{${variable}}} is used by ${request} and defined nowhere in sight${hint}`;
}

;// CONCATENATED MODULE: ./.build/src/test/newman/cases.js
const scriptNames = { prerequest: 'pre-request script', test: 'test script' };
/**
 * The test cases of one execution: what kept it from being judged, then its assertions. The request's time goes to the
 * first case alone, so that the times of a suite add up.
 */
function casesOf(execution) {
    const { suite, label, location, request } = execution;
    const outcomes = [
        ...requestErrors(execution),
        ...scriptErrors(execution),
        ...assertionsOf(execution),
        ...unlooked(execution),
    ];
    return outcomes.map(({ name, ...outcome }, index) => ({
        suite,
        name: `${label}: ${name}`,
        ...outcome,
        duration: index === 0 ? (request?.ms ?? 0) : 0,
        ...(isBad(outcome.status) && request !== undefined ? { detail: detailOf(request) } : {}),
        ...(location === undefined ? {} : { location }),
    }));
}
const isBad = (status) => status === 'failed' || status === 'error';
const error = (name, message) => ({ name, status: 'error', message });
// A variable without a value explains the refused request (getaddrinfo ENOTFOUND {{nope}}) better than the request does.
function requestErrors({ request, nested }) {
    const unresolved = (request?.unresolved ?? []).map(name => error(`{{${name}}}`, `{{${name}}} has no value: define it in the collection or its environment, or set it in a script`));
    const refused = request?.error === undefined || unresolved.length > 0 ? [] : [error('request', request.error)];
    const sent = nested.flatMap(({ method, url, error: message }) => message === undefined ? [] : [error(`pm.sendRequest ${method} ${url}`, message)]);
    return [...unresolved, ...refused, ...sent];
}
// Newman tells most throws twice: as exception and as the end of the script. What is thrown after a script's end, in a
// timer, comes as exception alone and turns nothing red in Newman itself.
function scriptErrors({ scripts, exceptions }) {
    const ends = scripts.map(({ listen, error: message }) => error(scriptNames[listen] ?? listen, message));
    const later = exceptions.filter(exception => !scripts.some(script => script.error === exception.error));
    return [...ends, ...later.map(exception => error('script, after its end', exception.error))];
}
const assertionsOf = ({ assertions }) => assertions.map(({ name, skipped, error: message }) => ({
    name,
    status: skipped ? 'skipped' : message === undefined ? 'passed' : 'failed',
    ...(message === undefined ? {} : { message }),
}));
function unlooked({ request, assertions }) {
    if (assertions.length > 0 || (request?.status ?? 0) < 500)
        return [];
    return [{ name: 'no test', status: 'failed', message: `answered ${request?.status}, and no test looks at it` }];
}
function detailOf({ method, url, status, reason, ms, excerpt }) {
    const head = `${method} ${url}`;
    if (status === undefined)
        return `${head}\nno answer`;
    return `${head}\n${status} ${reason ?? ''}, ${ms} ms\n${excerpt ?? ''}`.trimEnd();
}

;// CONCATENATED MODULE: ./.build/src/test/newman/counts.js
/**
 * Counts events, and compares with what Newman counted itself. A run that was killed left no counts to compare with.
 * @throws Error when they differ: something was lost on the way, and a verdict on the rest would be a guess.
 */
function counts_countsOf(events) {
    const ours = tally(events);
    const theirs = events.find(event => event.type === 'done')?.stats;
    if (theirs !== undefined && !agree(ours, theirs)) {
        throw new Error(`Newman counted ${JSON.stringify(theirs)}, its events come to ${JSON.stringify(ours)}`);
    }
    return ours;
}
function tally(events) {
    const requests = events.filter(event => event.type === 'request');
    const assertions = events.filter(event => event.type === 'assertion');
    const scripts = events.filter(event => event.type === 'script').length;
    const failed = (list) => list.filter(({ error }) => error !== undefined).length;
    return {
        requests: { total: requests.length, failed: failed(requests) },
        assertions: { total: assertions.length, failed: failed(assertions) },
        scripts: { total: scripts, failed: scripts }, // only those that failed are told
        failures: failed(requests) + failed(assertions) + scripts,
    };
}
const agree = (ours, theirs) => ours.requests.total === theirs.requests.total &&
    ours.requests.failed === theirs.requests.failed &&
    ours.assertions.total === theirs.assertions.total &&
    ours.assertions.failed === theirs.assertions.failed &&
    ours.scripts.failed === theirs.scripts.failed &&
    ours.failures === theirs.failures;

;// CONCATENATED MODULE: ./.build/src/test/newman/executions.js
const isPlaced = (event) => 'ref' in event;
/** The requests with their lines, as far as the file and Newman agree on how many there are. */
function outlineOf({ path, lines }, events) {
    const start = events.find(event => event.type === 'start');
    const items = start?.items ?? [];
    const locate = (line) => line === undefined || lines.length !== items.length ? {} : { location: { file: path, line } };
    return {
        version: start?.version ?? '',
        iterations: start?.iterations ?? 0,
        items: items.map((item, position) => ({ ...item, ...locate(lines[position]) })),
    };
}
function labelOf({ items, iterations }, { position, iteration, pass = 1 }) {
    const marks = [...(iterations > 1 ? [`iteration ${iteration + 1}`] : []), ...(pass > 1 ? [`pass ${pass}`] : [])];
    const name = items[position]?.name ?? `request ${position + 1}`;
    return marks.length === 0 ? name : `${name} (${marks.join(', ')})`;
}
/** The executions in the order in which they began. */
function executionsOf(events, outline) {
    const executions = new Map();
    for (const event of events.filter(isPlaced)) {
        const execution = executions.get(event.ref) ?? begin(event, outline, [...executions.values()]);
        executions.set(event.ref, execution);
        add(execution, event);
    }
    return [...executions.values()];
}
function begin({ ref, position, iteration }, outline, before) {
    const slot = `${iteration}:${position}`;
    const pass = before.filter(execution => execution.slot === slot).length + 1;
    const { suite = '', location } = outline.items[position] ?? {};
    const label = labelOf(outline, { position, iteration, pass });
    const place = location === undefined ? {} : { location };
    return { ref, slot, suite, label, ...place, nested: [], assertions: [], scripts: [], exceptions: [] };
}
function add(execution, event) {
    if (event.type === 'assertion')
        execution.assertions.push(event);
    if (event.type === 'script')
        execution.scripts.push(event);
    if (event.type === 'exception')
        execution.exceptions.push(event);
    if (event.type === 'request' && event.nested)
        execution.nested.push(event);
    if (event.type === 'request' && !event.nested)
        execution.request = event;
}

;// CONCATENATED MODULE: ./.build/src/test/newman/report.js




/** Makes the report of a run from its events. Pure. @throws Error when Newman counted something else: that is our bug. */
function reportOf(ran) {
    const { collection, events } = ran;
    const outline = outlineOf(collection, events);
    const executions = executionsOf(events, outline);
    const timedOut = ran.timedOut ? timedOutIn(ran, executions.at(-1)?.label) : undefined;
    const tests = [...executions.flatMap(casesOf), ...troubles(ran, timedOut)];
    const count = (status) => tests.filter(test => test.status === status).length;
    const counts = counts_countsOf(events);
    return {
        collection: collection.name,
        version: outline.version,
        tests,
        requests: counts.requests.total,
        origins: originsOf(events),
        assertions: counts.assertions.total,
        failed: count('failed'),
        errors: count('error'),
        skipped: count('skipped'),
        untested: executions
            .filter(({ request, assertions }) => request?.status !== undefined && assertions.length === 0)
            .map(({ label }) => label),
        executed: executedOf(outline, new Set(executions.filter(({ request }) => request).map(({ slot }) => slot))),
        ...(timedOut === undefined ? {} : { timedOut }),
    };
}
function timedOutIn({ timeout }, label) {
    return `timed out after ${timeout / 1_000} s ${label === undefined ? 'before the first request' : `in request ${label}`}`;
}
/** What went wrong with the whole run rather than with one request. */
function troubles({ collection, events }, timedOut) {
    const error = events.find(event => event.type === 'done')?.error;
    const messages = [...(timedOut === undefined ? [] : [timedOut]), ...(error === undefined ? [] : [error])];
    return messages.map(message => ({ suite: collection.name, name: 'the run', status: 'error', duration: 0, message }));
}
function executedOf(outline, ran) {
    const { items, iterations } = outline;
    const slots = Array.from({ length: iterations }, (_, iteration) => items.map((_, position) => ({
        slot: `${iteration}:${position}`,
        label: labelOf(outline, { position, iteration }),
    }))).flat();
    const never = slots.filter(({ slot }) => !ran.has(slot)).map(({ label }) => label);
    return { ran: slots.length - never.length, of: slots.length, never };
}

;// CONCATENATED MODULE: ./.build/src/test/newman/run.js







/**
 * Runs a collection by Newman in a process of its own that has no token in its environment, and reports what it heard.
 * A red run is a value. @throws UserError for a file that is no collection or environment; OutsideError when the process
 * ended before the run did; the signal's reason when the scope was aborted.
 */
async function runNewman(request, scope) {
    const { collection, environment, columns } = await run_read(request, scope);
    for (const secret of environment.secrets)
        scope.mask(secret);
    const given = [...Object.keys(request.variables), ...environment.names, ...columns];
    for (const found of findUndefined(collection, given)) {
        scope.say(`${collection.path}: ${renderUndefined(found, given)}`);
    }
    const { timeoutRequest = 30_000, timeoutScript = 30_000, grace = 3_000, timeout, worker } = request;
    const secrets = [...(request.secrets ?? []), ...environment.secrets];
    const heard = await converse({ worker, timeout, grace, request: { ...request, secrets, timeoutRequest, timeoutScript }, hear: say(scope) }, scope);
    return reportOf({ collection, timeout, ...heard });
}
async function run_read({ collection, environment, data }, { context }) {
    const source = (file, what) => readSource(file, (0,external_node_path_.relative)(context, file), what);
    return {
        collection: parseCollection(await source(collection, 'a Postman collection v2.1')),
        environment: environment === undefined
            ? { names: [], secrets: [] }
            : parseEnvironment(await source(environment, 'a Postman environment')),
        columns: data === undefined ? [] : columnsOf(await source(data, 'iteration data in JSON or CSV')),
    };
}
/** Says what happens while it happens: a line for each request, what goes wrong, and what scripts print. */
const say = (scope) => (event) => {
    for (const line of run_linesOf(event))
        scope.say(line);
};
function run_linesOf(event) {
    switch (event.type) {
        case 'request':
            return [`${event.method} ${event.url} ${event.error ?? `${event.status} ${event.reason}`} (${event.ms} ms)`];
        case 'assertion':
            return event.error === undefined ? [] : [`  failed: ${event.name}: ${event.error}`];
        case 'exception':
            return [`  error: ${event.error}`];
        case 'console':
            return event.text.split('\n').map(line => `  ${event.level}: ${line}`);
        default:
            return [];
    }
}

;// CONCATENATED MODULE: ./.build/src/test/newman.js





/** Runs the collections one after the other against the app. One verdict, about the digest that the app runs. */
async function runCollections(config, app, scope) {
    const collections = await findCollections(config.collections, scope.context);
    const reports = [];
    for (const collection of collections) {
        scope.say(`Collection ${collection}`);
        const report = await runNewman({
            collection,
            ...(config.environment === undefined ? {} : { environment: (0,external_node_path_.join)(scope.context, config.environment) }),
            variables: { [config['base-url-variable']]: app.url },
            timeout: config.timeout,
            worker: scope.newmanWorker,
        }, scope);
        reports.push(report);
    }
    const judged = reports.map(report => judgeNewman(report, { ...config, url: app.url }));
    const tests = reports.flatMap(report => report.tests);
    const programs = reports.slice(0, 1).map(({ version }) => ({ name: 'newman', version, path: 'bundled' }));
    const evidence = { subject: app.digest, tests, programs, reason: judged.map(({ reason }) => reason).join('; ') };
    if (judged.every(({ passed }) => passed))
        return { value: tests.length, ...evidence };
    scope.say(await logsOf(app, [app.service], scope));
    return { status: 'failed', ...evidence };
}

// EXTERNAL MODULE: ./node_modules/sax/lib/sax.js
var sax = __webpack_require__(42560);
;// CONCATENATED MODULE: ./.build/src/test/xml.js


/** Reads XML into elements; `path` is for messages. @throws UserError with line and column when it is not whole or no XML. */
function parseXml(xml, path) {
    const parser = sax.parser(true);
    const document = { name: '', attributes: {}, children: [], text: '' };
    const open = [document];
    const addText = (text) => {
        const current = open.at(-1);
        if (current !== undefined)
            current.text += text;
    };
    parser.onopentag = ({ name, attributes }) => {
        const element = {
            name,
            attributes: Object.fromEntries(Object.entries(attributes).map(xml_textual)),
            children: [],
            text: '',
        };
        open.at(-1)?.children.push(element);
        open.push(element);
    };
    parser.onclosetag = () => open.pop();
    parser.ontext = addText;
    parser.oncdata = addText;
    parser.onerror = error => {
        const [reason = ''] = error.message.split('\n', 1);
        throw new errors/* UserError */.yo(`${path}:${parser.line + 1}:${parser.column + 1}: not valid XML: ${reason}`, { cause: error });
    };
    parser.write(xml).close();
    const [root, second] = document.children;
    if (root === undefined || second !== undefined)
        throw new errors/* UserError */.yo(`${path}: not a JUnit report: it has no single root`);
    return root;
}
const xml_textual = ([name, value]) => [name, String(value)];

;// CONCATENATED MODULE: ./.build/src/test/junit.js


/**
 * Reads the JUnit of node:test, pytest, ExUnit, JUnit 4 and 5, jest-junit and their like: nested suites, times in
 * seconds. A document type is never looked into, so no entity but XML's own five is expanded. `path` is for messages.
 * @throws UserError with line and column when it is not whole, not XML, or no JUnit.
 */
function parseJUnit(xml, path = 'JUnit report') {
    const root = parseXml(xml.replace(/^\uFEFF/, ''), path);
    if (!['testsuites', 'testsuite'].includes(root.name)) {
        throw new errors/* UserError */.yo(`${path}: not a JUnit report: its root is <${root.name}>, expected <testsuites> or <testsuite>`);
    }
    return [...casesIn(root, []), ...unnamedIn(root)];
}
function casesIn(element, suites) {
    if (element.name === 'testcase')
        return [caseOf(element, suites)];
    const { name } = element.attributes;
    const inner = element.name === 'testsuite' && name ? [...suites, name] : suites;
    return [...brokenSuite(element, inner), ...element.children.flatMap(child => casesIn(child, inner))];
}
// A suite that could not start, or whose last hook threw, says so of itself and of no test.
function brokenSuite({ children }, suites) {
    const suite = suites.join(' / ');
    return children
        .filter(isProblem)
        .map(problem => ({ suite, name: 'the suite', status: 'error', duration: 0, ...messageOf(problem) }));
}
const isProblem = ({ name }) => name === 'failure' || name === 'error';
// Counts without cases: the runner saw failures and lost them on the way to the report.
function unnamedIn(root) {
    const [counted, named] = [countedIn(root), namedIn(root)];
    if (counted <= named)
        return [];
    const name = `the report counts ${counted} ${counted === 1 ? 'failure' : 'failures'}, and names ${named}`;
    return [{ suite: root.attributes.name ?? '', name, status: 'failed', duration: 0, message: name }];
}
// An outer suite may count those of the inner ones too, or none at all.
function countedIn({ name, attributes, children }) {
    if (name === 'testcase')
        return 0;
    const own = numberOf(attributes.failures) + numberOf(attributes.errors);
    return Math.max(own, children.map(countedIn).reduce((sum, count) => sum + count, 0));
}
// One test may have failed and then erred, which counts as both; several failures of a test are one.
const namedIn = ({ children }) => new Set(children.filter(isProblem).map(({ name }) => name)).size +
    children.map(namedIn).reduce((sum, count) => sum + count, 0);
const childOf = (element, name) => element.children.find(child => child.name === name);
function caseOf(element, suites) {
    const { attributes } = element;
    const problem = childOf(element, 'error') ?? childOf(element, 'failure') ?? childOf(element, 'skipped');
    return {
        suite: suites.join(' / ') || attributes.classname || '',
        name: junit_nameOf(attributes, suites),
        status: statusOf(problem?.name),
        duration: durationOf(attributes.time),
        ...messageOf(problem),
        ...locationOf(attributes),
    };
}
// A class tells test cases of one name apart (pytest, JUnit); where it repeats the suite or the name, it says nothing.
function junit_nameOf({ name = '', classname = '' }, suites) {
    const known = classname === '' || classname === 'test' || suites.includes(classname) || name.startsWith(classname);
    return known || suites.length === 0 ? name : `${classname}: ${name}`;
}
function statusOf(problem) {
    if (problem === 'error')
        return 'error';
    return problem === 'failure' ? 'failed' : problem === 'skipped' ? 'skipped' : 'passed';
}
const durationOf = (seconds) => numberOf(seconds) * 1_000;
// Some writers group thousands: "1,234.5".
function numberOf(text = '0') {
    const number = Number(text.replaceAll(',', ''));
    return Number.isFinite(number) && number > 0 ? number : 0;
}
function messageOf(problem) {
    if (problem === undefined)
        return {};
    const text = problem.text.trim();
    const message = problem.attributes.message || problem.attributes.type || text.split('\n', 1)[0];
    return { ...(message ? { message } : {}), ...(text && text !== message ? { detail: text } : {}) };
}
// ExUnit writes the line behind the file: test/app_test.exs:12.
function locationOf({ file, line }) {
    if (!file)
        return {};
    const [, path = file, behind] = /^(.+?)(?::(\d+))?$/.exec(file) ?? [];
    const number = Number(line ?? behind);
    return { location: { file: path, ...(Number.isInteger(number) && number > 0 ? { line: number } : {}) } };
}

;// CONCATENATED MODULE: ./.build/src/test/unit.js










/** The engine's own codes: it could not start the command at all (docs.docker.com, "docker run, exit status"). */
const notStarted = new Set([125, 126, 127]);
/**
 * Runs the unit tests in their image, on the services. The verdict is about the source: the test image never ships.
 * @throws OutsideError when the tests could not start, or when their report is not there.
 */
async function runUnit(config, { image, services }, scope) {
    const { name, document, dropped } = planUnit(config, await readTemplates(services), {
        run: scope.run,
        reference: (0,record_image/* referenceOf */.Bz)(image),
        context: scope.context,
    });
    const notTaken = renderDropped(dropped);
    if (notTaken !== undefined)
        scope.say(notTaken);
    const file = (0,external_node_path_.join)(scope.run.directory, 'private', `unit-${image.name}.json`);
    await (0,files/* writeWhole */.f8)(file, JSON.stringify(document), 0o600);
    const container = `${services.project}-unit-${image.name}`;
    const project = { name: services.project, files: [services.file, file] };
    const argv = (0,docker_compose/* composeArgv */.NS)(project, 'run', '--no-deps', '--no-TTY', '--quiet-pull', '--name', container, name);
    const end = await (0,docker/* tryDocker */.IY)('Unit tests', argv, composeEngine(scope), scope);
    try {
        if (end.exitCode !== undefined && notStarted.has(end.exitCode)) {
            throw new errors/* OutsideError */.Cp(`The unit tests can't start: ${end.stderr.trim().split('\n').at(-1)}\nSee unit.run, and what the stage ${config.target} holds.`);
        }
        const tests = await unit_reportOf(config, container, scope);
        if (tests === 'missing' && end.exitCode === 0)
            throw new errors/* OutsideError */.Cp(`unit.junit: the tests left no ${config.junit}\nLet them write JUnit there, or leave unit.junit out.`);
        return judgeUnit(end.exitCode, tests === 'missing' ? undefined : tests);
    }
    finally {
        await (0,docker/* tryDocker */.IY)('Remove the test container', ['rm', '--force', '--volumes', container], { env: scope.env });
    }
}
/** Pure: exit code and report must both say that the tests passed, and that there were any. */
function judgeUnit(exitCode, tests) {
    const evidence = { subject: 'source', tests: [...(tests ?? [])] };
    const red = (tests ?? []).filter(({ status }) => status === 'failed' || status === 'error');
    const counts = tests === undefined ? '' : `${tests.length} ${tests.length === 1 ? 'test' : 'tests'}, ${red.length} failed`;
    const how = exitCode === undefined ? 'ended by a signal' : `exit code ${exitCode}`;
    if (exitCode !== 0)
        return { status: 'failed', ...evidence, reason: [how, counts].filter(Boolean).join(', ') };
    if (red.length > 0)
        return { status: 'failed', ...evidence, reason: `${counts}, though the exit code is 0` };
    if (tests?.every(({ status }) => status === 'skipped')) {
        return { status: 'failed', ...evidence, reason: 'no test ran: an empty suite is not a passed one' };
    }
    return { value: tests?.length ?? 0, ...evidence, reason: counts || 'exit code 0; name unit.junit for true counts' };
}
async function unit_reportOf({ junit }, container, scope) {
    if (junit === undefined)
        return undefined;
    const copy = (0,external_node_path_.join)(scope.run.directory, 'junit', `${container}.xml`);
    await (0,promises_.rm)((0,external_node_path_.dirname)(copy), { recursive: true, force: true });
    await (0,promises_.mkdir)((0,external_node_path_.dirname)(copy), { recursive: true });
    const engine = { env: scope.env, signal: scope.signal };
    const end = await (0,docker/* tryDocker */.IY)('Fetch the test report', ['cp', `${container}:${junit}`, copy], engine);
    return end.exitCode === 0 ? parseJUnit(await (0,promises_.readFile)(copy, 'utf8')) : 'missing';
}

;// CONCATENATED MODULE: ./.build/src/test/tasks.js





/** Pulls and starts the services: they need no image of ours, so this runs beside the build. */
const servicesTask = (request) => (0,task_task/* task */._W)({
    id: 'services',
    request: { ...request },
    needs: {},
    weight: 0,
    estimate: 15_000,
    perform: (_, scope) => startServices(request, scope),
});
function unitTask(id, config, needs) {
    const { timeout, ...request } = config;
    return (0,task_task/* task */._W)({
        id,
        request,
        needs: { ...needs },
        kind: 'blocking',
        estimate: 30_000,
        deadline: timeout,
        perform: (needed, scope) => runUnit(config, needed, scope),
    });
}
const appTask = (id, config, needs) => (0,task_task/* task */._W)({
    id,
    request: config,
    needs: { ...needs },
    kind: 'blocking',
    weight: 0.5,
    estimate: 5_000,
    // `before` has ten minutes of its own.
    deadline: 600_000 + config.timeout,
    perform: (needed, scope) => startApp(config, needed, scope),
});
const newmanTask = (id, config, app) => (0,task_task/* task */._W)({
    id,
    request: config,
    needs: { app },
    kind: 'blocking',
    estimate: 10_000,
    // Each collection has its own timeout; how many there are is known only when it runs.
    deadline: 3_600_000,
    perform: (needed, scope) => runCollections(config, needed.app, scope),
});

;// CONCATENATED MODULE: ./.build/src/pipeline/judge.js


/**
 * The gate as a task: it needs every image that ships and hears every verdict, however it came out. Its value exists
 * only in the process that made it: who joins a run later asks the gate again, over the parts.
 */
function gateTask(images, aboutSource) {
    const judges = [...aboutSource, ...images.flatMap(image => image.judges)];
    return (0,task_task/* task */._W)({
        id: 'gate',
        request: { required: judges.filter(judge_isBlocking).map(({ id }) => id) },
        needs: Object.fromEntries(images.map(({ image }) => [image.id, image])),
        judges,
        weight: 0,
        async perform(made, scope, verdicts) {
            const required = [
                ...aboutSource.filter(judge_isBlocking).map(({ id }) => ({ task: id, subject: 'source' })),
                ...images.flatMap(image => requiredOf(image, made[image.image.id])),
            ];
            const decision = gate({ images: Object.values(made), verdicts, required });
            return resultOf(decision, `${required.length} ${required.length === 1 ? 'verdict' : 'verdicts'}`, scope);
        },
    });
}
const unasked = 'no verdict was asked for: nothing scanned or tested this image';
/**
 * The gate of a build that pushes by itself. It asks for no verdict, and hears all that the run gave before about this
 * source and about the digests that were made now: a red one is not unsaid by pushing from another step.
 */
const unaskedGateTask = (images) => (0,task_task/* task */._W)({
    id: 'gate',
    request: { required: [] },
    needs: Object.fromEntries(images.map(({ image }) => [image.id, image])),
    weight: 0,
    async perform(made, scope, heard) {
        const all = Object.values(made);
        const subjects = new Set(['source', ...all.map(({ digest }) => digest)]);
        // What was cancelled has judged nothing; what it was cancelled for is red itself.
        const verdicts = heard.filter(({ subject, status }) => subjects.has(subject) && status !== 'cancelled');
        const decision = gate({ images: all, verdicts, required: [], unasked: true });
        const isJudged = verdicts.some(({ subject, status }) => subject !== 'source' && status === 'passed');
        if (decision.passed && !isJudged)
            scope.say(unasked);
        return resultOf(decision, isJudged ? 'the verdicts of this run' : unasked, scope);
    },
});
function resultOf(decision, reason, { say }) {
    if (decision.passed)
        return { value: decision.cleared, reason };
    for (const refusal of decision.refusals)
        say(judge_firstLine(refusal));
    return { status: 'failed', reason: decision.refusals.map(judge_firstLine).join('; ') };
}
const judge_isBlocking = ({ kind }) => kind === 'blocking';
const requiredOf = ({ judges }, image) => image === undefined ? [] : judges.filter(judge_isBlocking).map(({ id }) => ({ task: id, subject: image.digest }));
const judge_firstLine = (text) => text.split('\n', 1)[0] ?? text;

// EXTERNAL MODULE: ./.build/src/build/processes.js
var processes = __webpack_require__(26361);
;// CONCATENATED MODULE: ./.build/src/build/bake-open.js





/** Makes a bake ready: its secrets, its outputs, and what it may read and write. @throws UserError */
async function openBake(request, { where, folders }, scope) {
    const opened = await Promise.all(Object.entries(request.targets).map(async ([name, target]) => {
        await (0,processes/* refuseProcesses */.c)((0,processes/* pathsIn */.M)({ context: target.context, 'build-contexts': target.contexts }), scope.context);
        const build = request.builds.find(one => one.target === name);
        const secrets = build?.config ?? secretsOf(target, name, { secrets: [] });
        return [name, await (0,build_secrets/* openSecrets */.cA)({ ...secrets, context: '.', ssh: [] }, scope, name)];
    }));
    return {
        plan: {
            ...request,
            builds: request.builds.map(build => ({
                target: build.target ?? '',
                output: build_placeOf(build, where, scope).output,
                labels: build.labels,
                annotations: build.annotations,
            })),
            fresh: freshFlags(request.builds),
            ours: [
                ...(where.builder.stages === 'layout' ? [`fs.write=${layoutsOf(scope.run)}`] : []),
                ...folders.map(folder => `fs=${folder}`),
            ],
            secrets: Object.fromEntries(opened.map(([name, { config }]) => [name, config])),
        },
        env: Object.assign({}, ...opened.map(([, { env }]) => env), await lockedEnv(scope)),
        values: new Map(opened.map(([name, { values }]) => [name, values])),
    };
}
const freshFlags = (builds) => [
    ...(builds.some(({ config }) => config['no-cache'] === true) ? ['--no-cache'] : []),
    ...(builds.some(({ config }) => config.pull === true) ? ['--pull'] : []),
];

;// CONCATENATED MODULE: ./.build/src/build/bake-plan.js


/** Pure: the solve that stages the images of targets by digest, and pushes to nothing else. */
const planBake = (plan, { builder, asked, metadataFile, attestations, inline }) => ({
    argv: [...bake(plan, builder, attestations), ...plan.fresh, '--metadata-file', metadataFile, ...asked],
    definition: definitionOf(plan, target => {
        const build = asked.includes(target) ? plan.builds.find(one => one.target === target) : undefined;
        const isInline = build !== undefined && inline.includes(target);
        return { output: [build?.output ?? 'type=cacheonly'], 'cache-to': isInline ? ['type=inline'] : [] };
    }),
});
/** Pure: the solve that only writes the caches of a target. Every step is in the builder already: all hits. */
function planBakeCache(plan, { builder, target: asked, cacheTo }) {
    const targets = Object.fromEntries(Object.entries(plan.targets).map(([name, target]) => [name, bake_plan_warm(target)]));
    return {
        argv: [...bake(plan, builder), asked],
        definition: definitionOf({ ...plan, targets }, target => ({
            output: ['type=cacheonly'],
            'cache-to': [...(cacheTo[target] ?? [])],
        })),
    };
}
/** A target once it is done: what asks for steps to be done anew has been heard. */
function bake_plan_warm(target) {
    const { 'no-cache': _, 'no-cache-filter': __, pull: ___, ...kept } = target;
    return kept;
}
const bake = (plan, builder, attestations = ['--provenance=false', '--sbom=false']) => [
    'docker',
    'buildx',
    'bake',
    '--builder',
    builder,
    '--progress=rawjson',
    ...attestations,
    ...bake_plan_allowed(plan).flatMap(item => ['--allow', item]),
    '--file',
    '-',
];
/** A bake reads and writes in its working directory alone, but for what it is allowed (docker/buildx, bake, --allow). */
const bake_plan_allowed = ({ allow = [], secrets, ours }) => [
    ...new Set([
        ...allow,
        ...Object.values(secrets).flatMap(one => Object.values(one['secret-files'] ?? {}).map(path => `fs.read=${path}`)),
        ...ours,
    ]),
];
// Tags, attestations, pushes and caches are not the bake file's to make: they come when the gate has spoken.
const dropped = new Set(['tags', 'annotations', 'attest', 'output', 'cache-from', 'cache-to', 'platforms']);
function definitionOf(plan, written) {
    const { targets, builds, secrets, platform, cacheFrom } = plan;
    const changed = Object.entries(targets).map(([name, target]) => {
        const build = builds.find(one => one.target === name);
        return [
            name,
            {
                ...Object.fromEntries(Object.entries(target).filter(([key]) => !dropped.has(key))),
                ...(platform === 'native' ? {} : { platforms: [platform] }),
                secret: (0,build_secrets/* secretEntries */.vO)(secrets[name] ?? { secrets: [] }, name),
                ...(build === undefined
                    ? {}
                    : {
                        labels: { ...target.labels, ...build.labels },
                        annotations: annotationArgv(build.annotations, platform).filter(word => word !== '--annotation'),
                    }),
                'cache-from': cacheFrom[name] ?? [],
                ...written(name),
            },
        ];
    });
    // All is worked out: a label, a branch in one, or a shell's ${…} is no template to bake (HCL, "Template Expressions").
    return JSON.stringify({ target: Object.fromEntries(changed) }).replaceAll(/([$%])\{/g, '$1$1{');
}

;// CONCATENATED MODULE: ./.build/src/build/bake-wishes.js

/** Pure: whose caches a bake reads: those of its images, and of what they are built on. */
const wishesOf = (bake) => [...bake.builds, ...linkedTo(bake, bake.builds)];
/** Pure: whose caches the solve writes that is for one of them. */
const wishesFor = (build, bake) => [build, ...linkedTo(bake, [build])];
/** Targets with caches of their own that no image is of, but that these images are built on. */
function linkedTo({ targets, builds }, images) {
    const { cache, platform, repositories, shared } = builds[0];
    const isImage = (name) => builds.some(({ target }) => target === name);
    const reached = new Set(images.flatMap(({ target = '' }) => reachedFrom(target, targets)));
    return [...reached].flatMap(name => {
        const named = isImage(name) ? undefined : cachesOf(targets[name] ?? {});
        if (named === undefined)
            return [];
        return [{ name, target: name, named, linked: true, cache, platform, repositories, shared }];
    });
}
/**
 * Pure: what each target reads, `from` being that of the wishes. One without a cache of its own reads that of the first
 * image that is built on it, which has its layers.
 */
function readsOf(bake, from) {
    const own = wishesOf(bake).map(({ target = '' }, at) => [target, from[at] ?? []]);
    const lent = [...own]
        .reverse()
        .flatMap(([name, items]) => reachedFrom(name, bake.targets).map(one => [one, items]));
    return { ...Object.fromEntries(lent), ...Object.fromEntries(own.filter(([, items]) => items.length > 0)) };
}

;// CONCATENATED MODULE: ./.build/src/build/bake-again.js
var bake_again_addDisposableResource = (undefined && undefined.__addDisposableResource) || function (env, value, async) {
    if (value !== null && value !== void 0) {
        if (typeof value !== "object" && typeof value !== "function") throw new TypeError("Object expected.");
        var dispose, inner;
        if (async) {
            if (!Symbol.asyncDispose) throw new TypeError("Symbol.asyncDispose is not defined.");
            dispose = value[Symbol.asyncDispose];
        }
        if (dispose === void 0) {
            if (!Symbol.dispose) throw new TypeError("Symbol.dispose is not defined.");
            dispose = value[Symbol.dispose];
            if (async) inner = dispose;
        }
        if (typeof dispose !== "function") throw new TypeError("Object not disposable.");
        if (inner) dispose = function() { try { inner.call(this); } catch (e) { return Promise.reject(e); } };
        env.stack.push({ value: value, dispose: dispose, async: async });
    }
    else if (async) {
        env.stack.push({ async: true });
    }
    return value;
};
var bake_again_disposeResources = (undefined && undefined.__disposeResources) || (function (SuppressedError) {
    return function (env) {
        function fail(e) {
            env.error = env.hasError ? new SuppressedError(e, env.error, "An error was suppressed during disposal.") : e;
            env.hasError = true;
        }
        var r, s = 0;
        function next() {
            while (r = env.stack.pop()) {
                try {
                    if (!r.async && s === 1) return s = 0, env.stack.push(r), Promise.resolve().then(next);
                    if (r.dispose) {
                        var result = r.dispose.call(r.value);
                        if (r.async) return s |= 2, Promise.resolve(result).then(next, function(e) { fail(e); return next(); });
                    }
                    else s |= 1;
                }
                catch (e) {
                    fail(e);
                }
            }
            if (s === 1) return env.hasError ? Promise.reject(env.error) : Promise.resolve();
            if (env.hasError) throw env.error;
        }
        return next();
    };
})(typeof SuppressedError === "function" ? SuppressedError : function (error, suppressed, message) {
    var e = new Error(message);
    return e.name = "SuppressedError", e.error = error, e.suppressed = suppressed, e;
});







/**
 * One image of a bake, once more: by itself, so that a cache that can't be written is in the way of no other, and each is
 * written when it may be.
 */
const builtInBake = (build, bake) => ({
    build,
    wishes: wishesFor(build, bake),
    together: bake.builds.length,
    again: where => (caching, scope, run) => bakeAgain({ build, bake, where, caching }, scope, run),
});
async function bakeAgain({ build, bake, where, caching }, scope, run) {
    const env_1 = { stack: [], error: void 0, hasError: false };
    try {
        const { target = '' } = build;
        const { from, to, folders, since } = caching;
        const then = bake_again_addDisposableResource(env_1, await hideFrom(reachedFrom(target, bake.targets), { targets: bake.targets, since }, scope), true);
        const asked = { ...bake, targets: then.targets, builds: [build] };
        const { plan, env } = await openBake(asked, { where, folders: [...folders, ...then.files] }, scope);
        const cacheTo = Object.fromEntries(wishesFor(build, bake).map((wish, at) => [wish.target ?? '', to[at] ?? []]));
        const cacheFrom = readsOf(asked, from);
        const { argv, definition: input } = planBakeCache({ ...plan, cacheFrom }, { builder: where.builder.name, target, cacheTo });
        await run({ title: `Bake ${target}`, argv, cwd: scope.context, env: { ...scope.env, ...env }, input });
    }
    catch (e_1) {
        env_1.error = e_1;
        env_1.hasError = true;
    }
    finally {
        const result_1 = bake_again_disposeResources(env_1);
        if (result_1)
            await result_1;
    }
}
/** These targets, with contexts as they were at that time. */
async function hideFrom(names, { targets, since }, scope) {
    const env_2 = { stack: [], error: void 0, hasError: false };
    try {
        const made = bake_again_addDisposableResource(env_2, new AsyncDisposableStack(), true);
        const hidden = {};
        const files = [];
        for (const name of names) {
            const target = targets[name];
            if (target === undefined)
                continue;
            const { file } = made.use(await hideLaterFiles(sourceOf(target), since, scope)).changes;
            const { 'dockerfile-inline': _, ...rest } = target;
            hidden[name] = file === undefined ? target : { ...rest, dockerfile: file };
            if (file !== undefined)
                files.push(file, `${file}.dockerignore`);
        }
        const kept = made.move();
        return { targets: hidden, files, [Symbol.asyncDispose]: () => kept.disposeAsync() };
    }
    catch (e_2) {
        env_2.error = e_2;
        env_2.hasError = true;
    }
    finally {
        const result_2 = bake_again_disposeResources(env_2);
        if (result_2)
            await result_2;
    }
}
/** A Dockerfile has its path in its context, where it is no absolute one (docker/buildx, docs/bake-reference.md). */
function sourceOf({ context, dockerfile, 'dockerfile-inline': inline }) {
    const isApart = (0,build_config/* isRemote */.Vx)(context) || external_node_path_.posix.isAbsolute(dockerfile);
    return { context, file: isApart ? dockerfile : external_node_path_.posix.join(context, dockerfile), inline };
}

;// CONCATENATED MODULE: ./.build/src/build/bake-rounds.js


/**
 * Pure: which targets are solved together where caches are read. Those that share steps, because they have one
 * Dockerfile or one is built on the other, come one after another (see `inTurn`), what others are built on first; those
 * that share none at the same time.
 */
function roundsOf(targets, images) {
    const rounds = [];
    for (const group of groupsOf(targets, bake_rounds_inOrder(targets, images)))
        for (const [at, name] of group.entries()) {
            const round = rounds[at] ?? [];
            round.push(name);
            rounds[at] = round;
        }
    return rounds;
}
/** What a target is built on comes before it: each reaches more than those that it reaches. */
function bake_rounds_inOrder(targets, images) {
    const all = [...new Set(images.flatMap(name => reachedFrom(name, targets)))];
    return all.sort((a, b) => reachedFrom(a, targets).length - reachedFrom(b, targets).length);
}
function groupsOf(targets, names) {
    let groups = [];
    for (const name of names) {
        const akin = groups.filter(group => group.some(other => sharesSteps(targets, name, other)));
        groups = [...groups.filter(group => !akin.includes(group)), [...akin.flat(), name]];
    }
    return groups;
}
const sharesSteps = (targets, name, other) => reachedFrom(name, targets).includes(other) || bake_rounds_sourceOf(targets[name]) === bake_rounds_sourceOf(targets[other]);
/** What its steps are read from. */
const bake_rounds_sourceOf = (target) => JSON.stringify([
    (0,build_config/* isRemote */.Vx)(target?.context ?? '') ? target?.context : '',
    target?.['dockerfile-inline'] ?? [target?.context, target?.dockerfile],
]);
/** One solve after another, up to one that fails; what they tell as if they were one. */
async function solveRounds(rounds, solve) {
    const done = [];
    for (const asked of rounds) {
        const solved = await solve(asked);
        done.push(solved);
        if (solved.failure !== undefined)
            break;
    }
    const failure = done.at(-1)?.failure;
    return {
        ...(failure === undefined ? {} : { failure }),
        vertices: joined(done.map(({ vertices }) => vertices)),
        bases: bake_rounds_unique(done.flatMap(({ bases }) => bases)),
        findings: bake_rounds_unique(done.flatMap(({ findings }) => findings)),
    };
}
const bake_rounds_unique = (items) => [...new Map(items.map(item => [JSON.stringify(item), item])).values()];
/**
 * What one solve has done the next finds done, and it was done. By name, since the digest of a step says from which
 * session its files came; of several targets each has its own in front of it.
 */
function joined(solves) {
    const known = new Set();
    return solves.flatMap(vertices => {
        const fresh = vertices.filter(({ name, cached }) => !cached || !(known.has(name) || known.has(bake_rounds_nameOf(name))));
        for (const { name } of vertices)
            known.add(name).add(bake_rounds_nameOf(name));
        return fresh;
    });
}
const bake_rounds_nameOf = (name) => name.replace(/^\[\S+ (?=(\S+ )?\d+\/\d+\])/, '[');

;// CONCATENATED MODULE: ./.build/src/build/bake-images.js


















/** Builds all targets in one solve, so that a stage that they share is built once, and stages each by digest. */
async function bakeImages(request, where, scope) {
    const { builds } = request;
    // An image is in one bake of a platform, and there may be several bakes of it.
    const file = (0,output/* solveName */.BT)(builds[0].name, 'bake', request.platform);
    // Its own: another process may bake the same in this run.
    const metadataFile = (0,external_node_path_.join)(scope.run.directory, 'metadata', `${file}.json.${(0,external_node_crypto_.randomBytes)(4).toString('hex')}`);
    await (0,promises_.mkdir)((0,external_node_path_.dirname)(metadataFile), { recursive: true });
    const cache = await openCache(wishesOf(request), where.builder.stages !== 'layout', scope);
    for (const line of cache.why)
        scope.say(line);
    const { plan, env, values } = await openBake(request, { where, folders: cache.folders }, scope);
    const metadata = {};
    const targets = builds.map(({ target = '' }) => target);
    const place = {
        builder: where.builder.name,
        metadataFile,
        attestations: attestationsOf(request, scope),
        inline: targets.filter((_, at) => cache.plans[at]?.inline),
    };
    const solveThese = async (asked, cacheFrom) => {
        const { argv, definition: input } = planBake({ ...plan, cacheFrom }, { ...place, asked });
        const given = { ...scope.env, ...env, ...cache.env };
        const program = { title: `Bake ${asked.join(', ')}`, argv, cwd: scope.context, env: given, input };
        const solved = await solve(program, { dockerfile: onlyFile(request), scope, metadataFile });
        if (solved.failure !== undefined)
            return solved;
        const written = await readMetadata(metadataFile);
        // What others are built on is in it as well, without an image: that came, or comes, in a round of its own.
        for (const target of asked)
            Object.assign(metadata, { [target]: written[target] });
        return solved;
    };
    const attempt = async (from) => {
        const reads = readsOf(request, from);
        if (from.flat().length === 0 || isAnew(plan))
            return solveThese(targets, reads);
        return solveRounds(roundsOf(plan.targets, targets), asked => solveThese(asked, onlyOf(reads, asked)));
    };
    const akin = bakeKeyOf(builds[0].config);
    const { failure, ...evidence } = await solveCached(cache, { akin, attempt }, scope);
    if (failure !== undefined)
        return { ...failure, ...evidence };
    const staged = await stagedImages(request, { where, scope, metadata });
    const leaks = await Promise.all(staged.map(image => findLeaks(image, values.get(image.target) ?? new Map(), scope)));
    if (leaks.flat().length > 0)
        return { status: 'failed', reason: leakMessage(leaks.flat()), ...evidence };
    for (const image of staged)
        scope.say(`Staged ${(0,record_image/* referenceOf */.Bz)(image)} (${image.platform})`);
    return { value: Object.fromEntries(staged.map(image => [image.target, image])), ...evidence };
}
/** Those of the first: a solve has one answer, and images of one bake share the section that asks. */
const attestationsOf = ({ builds }, { rights }) => attestFlags(builds.find(({ ships }) => ships)?.config ?? {}, {
    isPublic: (0,job/* isPublic */.Ul)(rights),
    run: (0,job/* addressOfRun */.NP)(rights),
});
/** The Dockerfile of all targets, where it is one: then an error's line is a place in it. */
function onlyFile({ builds }) {
    const files = new Set(builds.map(({ config }) => config.file));
    return files.size === 1 ? [...files][0] : undefined;
}
/** What others read was read in a solve before. */
const onlyOf = (reads, asked) => Object.fromEntries(Object.entries(reads).filter(([name]) => asked.includes(name)));
/** Steps that are to be done anew are done anew in every solve: then there is one. */
const isAnew = ({ fresh, targets }) => fresh.includes('--no-cache') ||
    Object.values(targets).some(target => target['no-cache'] === true || target['no-cache-filter'] !== undefined);
const bake_images_metadataSchema = schemas/* record */.g1P(schemas/* string */.YjP(), schemas/* json */.Pq9());
// docker/buildx, docs/reference/buildx_bake.md, "--metadata-file": what a build writes, by target.
const readMetadata = async (file) => bake_images_metadataSchema.parse(JSON.parse(await (0,promises_.readFile)(file, 'utf8')));
const stagedImages = ({ builds }, { where, scope, metadata }) => Promise.all(builds.map(build => stagedImage(build, { ...build_placeOf(build, where, scope), metadata: metadata[build.target ?? ''] }, scope)));

;// CONCATENATED MODULE: ./.build/src/build/bake-tasks.js



/** Builds all targets in one solve. */
const bakeTask = (id, bake, where) => (0,task_task/* task */._W)({
    id,
    request: bake_tasks_requestOf(bake),
    needs: { ...where },
    estimate: 60_000,
    deadline: 3_600_000,
    perform: (needed, scope) => bakeImages(bake, needed, scope),
});
/** The image of one target of a bake. */
const bakedTask = (id, { target = '', name, image, platform, ships, labels }, bake) => (0,task_task/* task */._W)({
    id,
    request: { target, name, image, platform, labels },
    needs: { bake },
    weight: 0,
    async perform({ bake: images }) {
        const made = images[target];
        if (made === undefined)
            throw new errors/* UserError */.yo(`build.targets: the bake files have no target ${target}`);
        return { value: made, images: ships ? [made] : [] };
    },
});
const bake_tasks_requestOf = ({ targets, builds, platform }) => ({
    definition: jsonOf(targets),
    targets: builds.map(({ target, image, labels, annotations }) => ({ target, image, labels, annotations })),
    platform,
});
/** As buildx wrote it: JSON. */
const jsonOf = (targets) => JSON.parse(JSON.stringify(targets));

;// CONCATENATED MODULE: ./.build/src/build/buildkit.js





/** Builders that were asked what they are; a builder is one value for all builds of a process. */
const asked = new WeakSet();
/**
 * A build that also says on which BuildKit it was, where it is the first one on its builder, with notices where that is
 * not what `pce.lock` has. Asked behind the solve, which it does not hold up, and without what the solve may log in
 * with; a builder that does not say is a line, never a failure.
 */
const tellingBuildkit = (inner, builder, configs) => ({
    ...inner,
    perform: async (given, scope) => withBuildkit(await inner.perform(given, scope), { builder: given.value(builder), configs }, scope),
});
async function withBuildkit(build, { builder, configs }, scope) {
    if (asked.has(builder))
        return build;
    asked.add(builder);
    const found = await lookAt(builder, scope).catch((error) => {
        if (!(error instanceof errors/* OutsideError */.Cp))
            throw error;
        scope.signal.throwIfAborted();
        scope.say(`The version of BuildKit is not known: ${error.message}`);
        return [];
    });
    const locked = (await (0,build_lock/* readLock */.mF)(scope.context))?.buildkit;
    const isReproducible = configs.some(({ reproducible }) => reproducible !== undefined);
    return {
        ...build,
        programs: [...(build.programs ?? []), ...found.map(({ program }) => program)],
        findings: [...(build.findings ?? []), ...found.flatMap(one => buildkit_noticesOf(one, { locked, isReproducible }))],
    };
}
/** The BuildKit of each node. @throws OutsideError */
async function lookAt({ name, driver }, scope) {
    const { nodes } = parseInspect(await (0,docker/* docker */.T3)(`Look at the builder ${name}`, ['buildx', 'inspect', name], scope));
    const found = nodes.map(async (node) => {
        if (node.version === undefined)
            return [];
        const image = driver === 'docker-container' ? await buildkit_imageOf(node, scope) : undefined;
        const version = node.version.replace(/^v/, '');
        const program = { name: 'buildkit', version, path: name, ...(image !== undefined && { image }) };
        return [{ program, asked: node.options.image }];
    });
    return (await Promise.all(found)).flat();
}
/**
 * The image that a node's container runs from, with the digest that the engine pulled it by; without one where it came
 * from no registry. Undefined where the engine does not say.
 */
async function buildkit_imageOf({ name, endpoint }, scope) {
    const engine = endpoint.includes('://') ? ['--host', endpoint] : ['--context', endpoint];
    const ask = async (argv) => {
        const end = await (0,docker/* tryDocker */.IY)('Look at the image of BuildKit', [...engine, ...argv], scope);
        return end.exitCode === 0 ? end.stdout.trim().split(/\s+/) : [];
    };
    // docker/buildx, driver/docker-container: the name of the container of a node.
    const container = `buildx_buildkit_${name}`;
    const [image, id] = await ask(['container', 'inspect', container, '--format', '{{.Config.Image}} {{.Image}}']);
    if (image === undefined || id === undefined || (0,build_lock/* digestOf */.ol)(image) !== undefined)
        return image;
    const digests = await ask(['image', 'inspect', id, '--format', '{{join .RepoDigests " "}}']);
    const digest = digests.find(one => one.startsWith(`${buildkit_repositoryOf(image)}@`))?.split('@')[1];
    return digest === undefined ? image : `${image}@${digest}`;
}
/** `moby/buildkit` of `moby/buildkit:buildx-stable-1` */
const buildkit_repositoryOf = (image) => image.replace(/:[^/:]+$/, '');
/** Pure: a notice where this is not the BuildKit of the lock, or none holds it and a reproducible image needs that. */
function buildkit_noticesOf({ program, asked }, { locked, isReproducible }) {
    const own = `BuildKit of the builder ${program.path} is ${buildkit_told(program)}`;
    if (locked !== undefined)
        return isLocked(program, locked)
            ? []
            : [notLocked(`${own}, and ${build_lock/* lockFile */.Ke} has ${buildkit_told(locked)}: pce lock run.json writes it anew`)];
    if (!isReproducible || (0,build_lock/* digestOf */.ol)(asked) !== undefined)
        return [];
    const message = `${own}: a reproducible image needs the same one tomorrow, and pce lock run.json holds it`;
    return [{ tool: 'pce', rule: 'not-pinned', severity: 'low', message, blocking: false }];
}
const buildkit_told = ({ version, image }) => (image === undefined ? version : `${version} (${image})`);
/** By the digest where both have one: a version may be built anew. */
function isLocked(program, locked) {
    const [found, wanted] = [(0,build_lock/* digestOf */.ol)(program.image), (0,build_lock/* digestOf */.ol)(locked.image)];
    return found === undefined || wanted === undefined ? program.version === locked.version : found === wanted;
}

;// CONCATENATED MODULE: ./.build/src/build/earthly.js











/** Builds one target of an Earthfile by the program earthly, and stages what it puts into the engine. */
const earthlyTask = (id, request, staging) => (0,task_task/* task */._W)({
    id,
    request: {
        earthfile: request.earthfile,
        context: request.config.context,
        args: request.config['build-args'],
        image: request.image,
        platform: request.platform,
    },
    needs: { staging },
    // By itself: two targets may save an image of one name, which the engine has once.
    weight: 1_000,
    estimate: 60_000,
    deadline: 3_600_000,
    perform: ({ staging: { host } }, scope) => buildEarthfile(request, host, scope),
});
/**
 * Pure: argv of earthly (docs.earthly.dev, "earthly command reference"). `--image` puts the target's only image into the
 * engine and pushes nothing. `secrets`: files by id.
 */
const planEarthly = ({ config, earthfile, platform }, secrets) => [
    'earthly',
    '--strict',
    ...(platform === 'native' ? [] : ['--platform', platform]),
    ...[...secrets].flatMap(([id, path]) => ['--secret-file', `${id}=${path}`]),
    ...(config['no-cache'] === true ? ['--no-cache'] : []),
    '--image',
    config.context === '.' ? earthfile : `./${config.context.replace(/^\.\//, '')}${earthfile}`,
    ...Object.entries(config['build-args']).map(([name, value]) => `--${name}=${value}`),
];
const earthly_absent = `build.earthfile: there is no program earthly on PATH
Its makers have stopped (July 2025), so nothing installs it by itself: put its last release, v0.8.16, on PATH, or build the same from a Dockerfile (build.file, build.target).`;
async function buildEarthfile(request, host, scope) {
    const { values } = await (0,build_secrets/* openSecrets */.cA)(request.config, scope);
    const folder = (0,external_node_path_.join)(scope.run.directory, 'private', `earthly-${solveOf(request)}`);
    try {
        const files = await writeSecrets(folder, values);
        const program = {
            title: `Build ${request.name}`,
            argv: planEarthly(request, files),
            cwd: scope.context,
            env: scope.env,
        };
        const end = await (0,run/* runProgram */.mB)({ ...program, signal: scope.signal, say: scope.say }).catch((cause) => {
            throw cause instanceof run/* NoProgramError */.yQ ? new errors/* UserError */.yo(earthly_absent, { cause }) : cause;
        });
        if (end.exitCode !== 0)
            return { status: 'failed', reason: (0,run/* failureOf */.g5)(program, end) };
        const made = parseEarthly(`${end.stdout}\n${end.stderr}`);
        if (made === undefined)
            return { status: 'failed', reason: `${request.earthfile} makes no image\nGive the target a SAVE IMAGE.` };
        const image = await stage(request, { made, host }, scope);
        const leaks = await findLeaks(image, values, scope);
        if (leaks.length > 0)
            return { status: 'failed', reason: leakMessage(leaks) };
        scope.say(`Staged ${(0,record_image/* referenceOf */.Bz)(image)} (${image.platform})`);
        return { value: image, images: request.ships ? [image] : [] };
    }
    finally {
        await (0,promises_.rm)(folder, { recursive: true, force: true });
    }
}
const solveOf = ({ name, earthfile, platform }) => (0,output/* solveName */.BT)(name, earthfile, platform);
async function writeSecrets(folder, values) {
    await (0,promises_.mkdir)(folder, { recursive: true, mode: 0o700 });
    const files = new Map();
    for (const [id, value] of values) {
        const path = (0,external_node_path_.join)(folder, id);
        await (0,promises_.writeFile)(path, value, { mode: 0o600 });
        files.set(id, path);
    }
    return files;
}
/** Pure: the image that earthly told of last: `Image +prod output as acme/web:latest`. */
const parseEarthly = (text) => [...text.matchAll(/^.*\bImage \S+ output as (\S+)\s*$/gm)].at(-1)?.[1];
/** The engine pushes to staging: it is on its own loopback. */
async function stage(request, { made, host }, scope) {
    const repository = `${host}/${request.image}`;
    const tag = `${repository}:${(0,output/* stagingTag */.al)(scope.run, [request.name, request.earthfile, request.platform])}`;
    await (0,docker/* docker */.T3)(`Tag ${made}`, ['tag', made, tag], scope);
    const said = await (0,docker/* docker */.T3)(`Stage ${made}`, ['push', tag], scope);
    await (0,docker/* docker */.T3)(`Untag ${tag}`, ['image', 'rm', tag], scope);
    const [, digest] = /\bdigest: (sha256:[0-9a-f]{64})\b/.exec(said) ?? [];
    if (digest === undefined)
        throw new errors/* OutsideError */.Cp(`Stage ${made}: docker push told no digest\n${said}`);
    const build = { name: request.name, target: request.earthfile };
    return stagedImage(build, { repository, metadata: { 'containerimage.digest': digest } }, scope);
}

;// CONCATENATED MODULE: ./.build/src/build/exports.js
var exports_addDisposableResource = (undefined && undefined.__addDisposableResource) || function (env, value, async) {
    if (value !== null && value !== void 0) {
        if (typeof value !== "object" && typeof value !== "function") throw new TypeError("Object expected.");
        var dispose, inner;
        if (async) {
            if (!Symbol.asyncDispose) throw new TypeError("Symbol.asyncDispose is not defined.");
            dispose = value[Symbol.asyncDispose];
        }
        if (dispose === void 0) {
            if (!Symbol.dispose) throw new TypeError("Symbol.dispose is not defined.");
            dispose = value[Symbol.dispose];
            if (async) inner = dispose;
        }
        if (typeof dispose !== "function") throw new TypeError("Object not disposable.");
        if (inner) dispose = function() { try { inner.call(this); } catch (e) { return Promise.reject(e); } };
        env.stack.push({ value: value, dispose: dispose, async: async });
    }
    else if (async) {
        env.stack.push({ async: true });
    }
    return value;
};
var exports_disposeResources = (undefined && undefined.__disposeResources) || (function (SuppressedError) {
    return function (env) {
        function fail(e) {
            env.error = env.hasError ? new SuppressedError(e, env.error, "An error was suppressed during disposal.") : e;
            env.hasError = true;
        }
        var r, s = 0;
        function next() {
            while (r = env.stack.pop()) {
                try {
                    if (!r.async && s === 1) return s = 0, env.stack.push(r), Promise.resolve().then(next);
                    if (r.dispose) {
                        var result = r.dispose.call(r.value);
                        if (r.async) return s |= 2, Promise.resolve(result).then(next, function(e) { fail(e); return next(); });
                    }
                    else s |= 1;
                }
                catch (e) {
                    fail(e);
                }
            }
            if (s === 1) return env.hasError ? Promise.reject(env.error) : Promise.resolve();
            if (env.hasError) throw env.error;
        }
        return next();
    };
})(typeof SuppressedError === "function" ? SuppressedError : function (error, suppressed, message) {
    var e = new Error(message);
    return e.name = "SuppressedError", e.error = error, e.suppressed = suppressed, e;
});











/**
 * Pure: the outputs of one of several platforms, each in a place of its own: `out/linux_arm64` for a folder, as buildx has
 * it, and `image-linux_arm64.tar` for a file.
 */
const exports_besideOthers = (outputs, platform) => outputs.map(output => {
    const attributes = (0,schema_csv/* attributesOf */.Td)(output);
    if (attributes?.dest === undefined)
        return output;
    const dest = placeBeside(attributes.dest, platform.replaceAll('/', '_'), attributes.type === 'local');
    return Object.entries({ ...attributes, dest })
        .map(([name, value]) => (0,schema_csv/* fieldOf */._F)(`${name}=${value}`))
        .join(',');
});
/**
 * Pure: outputs that are images, under the image's own names where they give none, as buildx does it with `--tag`: what
 * `docker load` takes from an archive without a name has none.
 */
const exports_named = (outputs, references) => outputs.map(output => {
    const { type, name } = (0,schema_csv/* attributesOf */.Td)(output) ?? {};
    const isImage = type === 'docker' || type === 'oci';
    return isImage && name === undefined ? `${output},${(0,schema_csv/* fieldOf */._F)(`name=${references.join(',')}`)}` : output;
});
function placeBeside(dest, platform, isFolder) {
    if (isFolder)
        return (0,external_node_path_.join)(dest, platform);
    const { dir, name, ext } = (0,external_node_path_.parse)(dest);
    return (0,external_node_path_.join)(dir, `${name}-${platform}${ext}`);
}
/**
 * Writes the further outputs of a build, on this machine. It is a solve of its own behind the one that staged the image,
 * whose steps are in the builder by then: what ships does not depend on it.
 */
const exportTask = (id, exported, needs) => (0,task_task/* task */._W)({
    id,
    // Not the names: they depend on the branch, and a plan does not.
    request: { outputs: exported.build.config.outputs ?? [] },
    needs: { ...needs },
    estimate: 10_000,
    deadline: 3_600_000,
    perform: ({ builder }, scope) => writeOutputs(exported, builder.name, scope),
});
async function writeOutputs({ build, references }, builder, scope) {
    const env_1 = { stack: [], error: void 0, hasError: false };
    try {
        const contexts = exports_addDisposableResource(env_1, await openNormalContexts(await (0,context/* resolveContexts */.f)(build.config, scope), scope), true);
        const { config, env } = await (0,build_secrets/* openSecrets */.cA)(contexts.config, scope);
        const { outputs = [] } = config;
        const argv = planOutputs({ ...build, config: { ...config, outputs: exports_named(outputs, references) } }, builder);
        const given = { ...scope.env, ...env, ...(await lockedEnv(scope)) };
        const program = { title: 'Write outputs', argv, cwd: scope.context, env: given };
        const dockerfile = (0,build_config/* isRemote */.Vx)(build.config.context) ? undefined : dockerfileOf(build.config);
        const { failure, ...evidence } = await solve(program, { dockerfile, scope });
        if (failure !== undefined)
            return { ...failure, ...evidence };
        for (const output of outputs)
            scope.say(`Wrote ${output}`);
        return { value: outputs, vertices: evidence.vertices };
    }
    catch (e_1) {
        env_1.error = e_1;
        env_1.hasError = true;
    }
    finally {
        const result_1 = exports_disposeResources(env_1);
        if (result_1)
            await result_1;
    }
}

;// CONCATENATED MODULE: ./.build/src/pipeline/plan-builds.js










/** Pure: `all` are the builds of a plan. */
function planBuilds(all, { where, pull }) {
    const groups = plan_builds_groupsOf(all, { where, pull });
    const groupOf = (build) => groups.find(({ bake }) => bake.builds.some(isSame(build)));
    const { builder, staging } = where;
    return {
        make(id, build) {
            const group = groupOf(build);
            if (group !== undefined)
                return bakedTask(id, build, group.task);
            const { earthfile } = build.config;
            if (earthfile !== undefined)
                return pulling_pulling(earthlyTask(id, { ...build, earthfile: targetOf(build) }, staging), pull);
            return tellingBuildkit(pulling_pulling(buildTask(id, build, where), pull), builder, [build.config]);
        },
        cacheOf(id, build, when, needs) {
            if (build.config.earthfile !== undefined)
                return [];
            const group = groupOf(build);
            const built = group === undefined ? builtAlone(build) : builtInBake(build, group.bake);
            if (when === 'push' && !built.wishes.some(mayLieBeside))
                return [];
            const write = cacheTask(id, built, when, { builder, staging, ...needs });
            // The login of a push reads as well.
            return [needs.login === undefined ? pulling_pulling(write, pull) : write];
        },
        outputsOf(id, { build, image }, references) {
            const { config, platform } = build;
            if (!isPlain(build) || config.outputs === undefined)
                return [];
            const isOnly = all.every(one => one.name !== build.name || !one.ships || one.platform === platform);
            const outputs = isOnly ? config.outputs : exports_besideOthers(config.outputs, platform);
            const exported = { build: { ...build, config: { ...config, outputs } }, references };
            return [pulling_pulling(exportTask(id, exported, { builder, image }), pull)];
        },
    };
}
const isSame = (build) => (one) => build.baked !== undefined && one.name === build.name && one.platform === build.platform && one.ships === build.ships;
const isPlain = ({ baked, config }) => baked === undefined && config.earthfile === undefined;
/** The tests of an image that an Earthfile makes are in another target of it. */
const targetOf = ({ ships, target = '', config }) => ships ? (config.earthfile ?? '') : `+${target.replace(/^\+/, '')}`;
/** The same bake files, asked the same way, for the same platform are one solve. */
function plan_builds_groupsOf(all, { where, pull }) {
    const baked = all.filter(build => build.baked !== undefined);
    const bakes = Object.values(Object.groupBy(baked, ({ config }) => bakeKeyOf(config))).flatMap((same = []) => Object.values(Object.groupBy(same, ({ platform }) => platform)).flatMap(([first, ...others] = []) => first === undefined ? [] : bakeOf([first, ...others])));
    return bakes.map((bake, index) => {
        const id = bakes.length > 1 ? `bake:${index + 1}` : 'bake';
        const configs = bake.builds.map(({ config }) => config);
        return { bake, task: tellingBuildkit(pulling_pulling(bakeTask(id, bake, where), pull), where.builder, configs) };
    });
}
const bakeOf = (builds) => ({
    targets: Object.assign({}, ...builds.map(({ baked }) => baked?.targets)),
    builds,
    platform: builds[0].platform,
    allow: builds[0].config.allow,
});

;// CONCATENATED MODULE: ./.build/src/pipeline/plan-caches.js
/** Pure: what writes layer caches once the gate has spoken: a cache is never in the way of a verdict. */
const cachesAfter = (gate, images, builds) => images.flatMap(buildsOf).flatMap(({ id, build, image }) => builds.cacheOf(id, build, 'gate', { gate, image }));
/** Pure: what writes the caches of what was built without a gate, when the job is over. */
const cachesAtEnd = (images, builds) => images.flatMap(buildsOf).flatMap(({ id, build, image }) => builds.cacheOf(`${id}:end`, build, 'end', { image }));
/**
 * Pure: what writes the caches that lie beside an image that is pushed, with the push's own login: no such right exists
 * before the gate.
 */
const cachesBeside = (images, { builds, gate, login }) => images
    .flatMap(buildsOf)
    .flatMap(({ id, build, image }) => builds.cacheOf(`${id}:push`, build, 'push', { gate, image, login }));
const buildsOf = ({ name, platforms, tests }) => [
    ...platforms.map(({ suffix, build, image }) => ({ id: `cache:${name}${suffix}`, build, image })),
    ...(tests === undefined ? [] : [{ id: `cache:${name}:tests`, build: tests.build, image: tests.image }]),
];

;// CONCATENATED MODULE: ./.build/src/contract/contract.js

/** Looks whether the image is what it must be: from its manifest and configuration, without starting it. */
async function checkContract(config, image, scope) {
    // Else an image that nobody looked at would count as judged.
    if (config.user === 'any' && config.size === undefined)
        return { status: 'skipped', reason: 'the contract asks for nothing', subject: image.digest };
    const [manifest, configuration] = await Promise.all([
        readManifest(image, scope.signal),
        readConfiguration(image, scope.signal),
    ]);
    const tests = judgeContract(config, manifest, configuration).map(test => ({
        suite: `contract ${image.name}`,
        duration: 0,
        ...test,
    }));
    for (const { name, status, message } of tests)
        scope.say(`${status} ${name}${message === undefined ? '' : `: ${message}`}`);
    const failed = tests.filter(({ status }) => status === 'failed');
    const evidence = { subject: image.digest, tests };
    if (failed.length === 0)
        return { value: tests.length, ...evidence };
    return { status: 'failed', reason: failed.map(({ message }) => message).join('; '), ...evidence };
}
/** Pure: each clause of the contract as a test. */
function judgeContract(config, manifest, { config: run }) {
    return [
        ...(config.user === 'any' ? [] : [judgeUser(run?.User ?? '')]),
        ...(config.size === undefined ? [] : [judgeSize(config.size, sizeOf(manifest))]),
    ];
}
function judgeUser(user) {
    const name = 'names a user other than root';
    const [own = ''] = user.split(':', 1);
    // The engine reads a number as Go does: 00 is 0.
    if (!/^(root|[+-]?0+|)$/.test(own))
        return { name, status: 'passed', ...doubtOf(own) };
    const found = user === '' ? 'the image names no user, so it runs as root' : `the image runs as ${user}`;
    return { name, status: 'failed', message: `${found}; add USER to its Dockerfile, or set contract.user: any` };
}
// Which number a name stands for is said in the image's /etc/passwd: `useradd -o -u 0 toor` makes a second root.
const doubtOf = (user) => /^[+-]?\d+$/.test(user)
    ? {}
    : { message: `${user} is a name: only a number can be checked, and Kubernetes' runAsNonRoot wants one too` };
function judgeSize(limit, size) {
    const name = `is at most ${megabytes(limit)}`;
    if (size <= limit)
        return { name, status: 'passed', message: megabytes(size) };
    return {
        name,
        status: 'failed',
        message: `the image is ${megabytes(size)}, ${megabytes(size - limit)} over its budget`,
    };
}
/** Bytes as a registry stores and sends them: configuration and compressed layers. */
const sizeOf = ({ config, layers }) => layers.reduce((sum, { size }) => sum + size, config.size);
const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;

;// CONCATENATED MODULE: ./.build/src/contract/tasks.js


const contractTask = (id, config, image) => (0,task_task/* task */._W)({
    id,
    request: config,
    needs: { image },
    kind: 'blocking',
    weight: 0,
    perform: (needed, scope) => checkContract(config, needed.image, scope),
});

;// CONCATENATED MODULE: ./.build/src/pipeline/plan-exports.js


/** Pure: caches that a run writes: one for each platform of an image, one for its tests. */
const countExports = ({ images }) => Object.values(images).reduce((sum, image) => sum + solvesOf(image).length, 0);
/** Pure: places that several builds of a run are told to write a cache to, by the configuration or by bake files. */
function sharedPlaces({ images, cache: { 'cache-to': given } }) {
    const all = Object.entries(images).flatMap(([name, image]) => given === undefined
        ? namedBy(image)
        : solvesOf(image).map(({ target, platform }) => ({ writer: [name, target, platform].join(' '), to: given })));
    const writes = new Map(all.map(({ writer, to }) => [writer, new Set(to.map(placeOf))]));
    const places = [...writes.values()].flatMap(set => [...set].filter(place => place !== undefined));
    return [...new Set(places.filter((place, at) => places.indexOf(place) < at))];
}
const solvesOf = ({ build, platforms, unit }) => [
    ...platforms.map(platform => ({ target: build.target, platform })),
    ...(unit === undefined ? [] : [{ target: unit.target, platform: testPlatformOf(platforms) }]),
];
/** Pure: unit tests judge the source: once, on the only platform, or of several on that of the engine. */
const testPlatformOf = (platforms) => platforms.length === 1 ? (platforms[0] ?? 'native') : 'native';
/** What the targets of an image, and those that they are built on, write by their bake files: each once, whoever asks. */
function namedBy(image) {
    const { targets = {} } = image.baked ?? {};
    return solvesOf(image).flatMap(({ target = '', platform }) => reachedFrom(target, targets).flatMap(name => {
        const to = cachesOf(targets[name] ?? {})?.to ?? [];
        return to.length === 0 ? [] : [{ writer: [bakeKeyOf(image.build), name, platform].join(' '), to }];
    }));
}

;// CONCATENATED MODULE: ./.build/src/pipeline/plan-image.js










/** Pure: what is built for an image: each platform of it, and the image of its tests. */
function plan_image_buildsOf(name, image, { config, facts }) {
    const metadata = (0,tags_metadata/* metadataOf */.Nk)({ ...wishOf(image), version: facts.versions?.[name] }, facts);
    const platforms = image.platforms.map(platform => planBuildOf(name, image, { platform, metadata, config }));
    const [first] = platforms;
    if (first === undefined)
        throw new Error(`${name} has no platform`);
    return {
        metadata,
        platforms,
        first,
        tests: image.unit === undefined ? undefined : testBuildOf(first, image.unit.target, image),
    };
}
/**
 * Pure: the tasks of one image, around the tasks that all images share.
 * @throws UserError when it would be an index, for a place that takes none
 */
function planImage(name, image, around) {
    const { metadata, ...builds } = plan_image_buildsOf(name, image, around);
    const platforms = builds.platforms.map(build => planPlatform(build, image, around));
    const [first] = platforms;
    if (first === undefined)
        throw new Error(`${name} has no platform`);
    const reason = whyIndex(image);
    if (reason !== undefined && image.build.for === 'lambda')
        throw new errors/* UserError */.yo(`build.for: lambda takes no image index, and ${reason} of ${image.image} makes one\nTake one of the two away.`);
    return {
        name,
        config: image,
        metadata: reason === undefined ? withoutIndex(metadata) : metadata,
        platforms,
        staged: reason === undefined
            ? first.image
            : indexTask(`index:${name}`, { name, annotations: metadata.annotations }, platforms.map(one => one.image)),
        tests: planTests(builds.tests, image, around),
    };
}
/** What is said of an index where there will be none is told, and not quietly left out. */
const withoutIndex = (metadata) => metadata.annotations.index === undefined
    ? metadata
    : { ...metadata, notes: [...metadata.notes, 'annotations of the index go nowhere: one platform makes no index'] };
/** The key that makes an index of what a tag points at; undefined where that is the only manifest. */
const whyIndex = ({ platforms, build }) => platforms.length > 1 ? 'platforms' : isAttested(build) ? 'build.provenance or build.sbom' : undefined;
function planPlatform(build, image, { config, shared }) {
    const { services, scanner, builds } = shared;
    const suffix = image.platforms.length === 1 ? '' : `:${build.platform}`;
    const id = `${build.name}${suffix}`;
    const made = builds.make(`build:${id}`, build);
    const scan = config.scan.image ? [imageScanTask(`scan:${id}`, config.scan, { scanner, image: made })] : [];
    return {
        suffix,
        build,
        image: made,
        scan,
        judges: [
            ...scan,
            contractTask(`contract:${id}`, image.contract, made),
            ...plan_image_planApp(id, image, { image: made, services }),
        ],
    };
}
const wishOf = ({ destinations, tags, flavor, annotations, build: { labels } }) => ({
    names: destinations,
    tags,
    flavor,
    labels,
    annotations,
});
const planBuildOf = (name, { image, build, baked }, { platform, config, metadata: { labels, annotations, places } }) => ({
    name,
    image,
    ships: true,
    config: build,
    cache: config.cache,
    target: build.target,
    platform,
    labels,
    annotations,
    ...(baked !== undefined && { baked }),
    repositories: places.map(tags_name/* renderName */.gU),
    ...plan_image_namedIn(baked, build.target),
    exports: countExports(config),
    shared: sharedPlaces(config),
});
const testBuildOf = (build, target, { platforms, baked }) => {
    const { named: _, ...rest } = build;
    return {
        ...rest,
        ...plan_image_namedIn(baked, target),
        platform: testPlatformOf(platforms),
        target,
        // No label of the commit here: the tests' image must not change when the source does not.
        labels: {},
        annotations: {},
        ships: false,
    };
};
/** The caches that a bake file names for a target. */
function plan_image_namedIn(baked, target) {
    const named = cachesOf(baked?.targets[target ?? ''] ?? {});
    return named === undefined ? {} : { named };
}
function planTests(build, { unit }, { shared: { services, builds } }) {
    if (unit === undefined || build === undefined)
        return undefined;
    const image = builds.make(`test-image:${build.name}`, build);
    return { build, image, unit: unitTask(`unit:${build.name}`, unit, { image, services }) };
}
function plan_image_planApp(id, { app, newman }, needs) {
    if (app === undefined)
        return [];
    const running = appTask(`app:${id}`, app, needs);
    return newman === undefined ? [running] : [running, newmanTask(`newman:${id}`, newman, running)];
}

;// CONCATENATED MODULE: ./.build/src/mounts/archive.js







/** The files of a mount: one layer of an image, as BuildKit wrote and compressed it. Size in bytes. */
const layerSchema = schemas/* object */.Ikc({
    mediaType: schemas/* string */.YjP(),
    digest: record_image/* digestSchema */.er,
    size: schemas/* number */.aig().int().positive(),
    /** digest of the layer without its compression */
    diffId: record_image/* digestSchema */.er,
});
/** What is kept of a mount is a folder with these two files. */
const archiveFiles = (/* unused pure expression or super */ null && (['layer', 'layer.json']));
const layerFileOf = (folder) => (0,external_node_path_.join)(folder, 'layer');
const writeArchive = (folder, layer) => (0,promises_.writeFile)((0,external_node_path_.join)(folder, 'layer.json'), JSON.stringify(layer));
/** What a folder holds, or why it is not to be used: half of it is there, or other bytes than were written. */
async function readArchive(folder) {
    const text = await (0,promises_.readFile)((0,external_node_path_.join)(folder, 'layer.json'), 'utf8').catch(() => '');
    const layer = layerSchema.safeParse(archive_parse(text)).data;
    if (layer === undefined)
        return 'its description is not readable';
    // What came out of a cache may be a link to any file of this machine.
    const size = await (0,promises_.lstat)(layerFileOf(folder)).then(state => (state.isFile() ? state.size : 0), () => 0);
    if (size !== layer.size)
        return `it has ${size} bytes of ${layer.size}`;
    const digest = await digestOf(layerFileOf(folder));
    return digest === layer.digest ? layer : `it has other bytes (${digest}) than were written (${layer.digest})`;
}
async function digestOf(file) {
    const hash = (0,external_node_crypto_.createHash)('sha256');
    await (0,external_node_stream_promises_.pipeline)((0,external_node_fs_.createReadStream)(file), hash);
    return `sha256:${hash.digest('hex')}`;
}
function archive_parse(text) {
    try {
        return JSON.parse(text);
    }
    catch {
        return undefined;
    }
}

;// CONCATENATED MODULE: ./.build/src/mounts/actions-store.js



/** What the client needs of the environment: the service and its token, and how to reach it. */
const actions_store_passed = /^(PATH|HOME|LANG|ACTIONS_(RESULTS_URL|RUNTIME_TOKEN|CACHE_URL|CACHE_SERVICE_V2|CACHE_MODE)|GITHUB_SERVER_URL|NODE_EXTRA_CA_CERTS|(HTTPS?|NO|ALL)_PROXY)$/i;
/** The cache service of GitHub Actions, through its own client in a process of its own. */
const actionsStore = (client) => ({
    name: 'the cache of GitHub Actions',
    async fetch({ key, prefix }, folder, signal) {
        const { found, trouble } = await actions_store_ask(['restore', key, prefix], client, { folder, signal });
        if (typeof found === 'string')
            return { key: found, folder };
        if (trouble !== undefined)
            throw new errors/* OutsideError */.Cp(trouble);
        return undefined;
    },
    async save({ key }, folder, signal) {
        const { found, trouble } = await actions_store_ask(['save', key], client, { folder, signal });
        if (typeof found !== 'number' || found < 0)
            throw new errors/* OutsideError */.Cp(trouble ?? 'it was not taken');
    },
    // An entry can't be changed, and deleting needs a right that a job seldom has: another key replaces it.
    drop: async () => { },
});
async function actions_store_ask(argv, { worker, rights, patience = 20_000 }, place) {
    const { folder, signal } = place;
    const temporary = `${folder}.tmp`;
    await (0,promises_.mkdir)(temporary, { recursive: true });
    const env = {
        ...Object.fromEntries(Object.entries(rights).filter(([name]) => actions_store_passed.test(name))),
        // Paths are part of an entry's version: relative to the archive, they are the same in every run.
        GITHUB_WORKSPACE: folder,
        RUNNER_TEMP: temporary,
    };
    const stalled = new AbortController();
    let timer = setTimeout(() => stalled.abort(), patience);
    let last = '';
    const hear = function* (line) {
        const [moved] = /Cache hit for|Cache Size|(Received|Sent) \d+/.exec(String(line)) ?? [];
        if (moved !== undefined && moved !== last) {
            last = moved;
            clearTimeout(timer);
            timer = setTimeout(() => stalled.abort(), patience);
        }
        yield line;
    };
    try {
        const end = await (0,execa/* execa */.Ho)(process.execPath, ['--no-deprecation', worker, ...argv], {
            cwd: folder,
            env,
            extendEnv: false,
            stdio: ['ignore', hear, 'pipe', 'pipe'],
            reject: false,
            cancelSignal: AbortSignal.any([signal, stalled.signal]),
            killDescendants: true,
            forceKillAfterDelay: 1_000,
        });
        signal.throwIfAborted();
        const trouble = actions_store_troubleIn(`${end.stdout}\n${end.stderr}`);
        if (stalled.signal.aborted)
            return { trouble: trouble ?? `it gave no answer within ${patience / 1000} s` };
        return { found: foundIn(String(end.stdio[3] ?? '')), trouble };
    }
    finally {
        clearTimeout(timer);
        await (0,promises_.rm)(temporary, { recursive: true, force: true });
    }
}
function foundIn(text) {
    try {
        return JSON.parse(text).found;
    }
    catch {
        return undefined;
    }
}
/** Where the client says why, the plainest first: of a refusal `Failed to save` says no more than that there was one. */
const reasons = [
    /^::(?:warning|error)[^:]*::(.*)$/,
    /^Attempt \d+ of \d+ failed with error: (.*?)\. Retrying/,
    /^::debug::(Failed to reserve cache: .*)$/,
    /^(Failed to (?:restore|save): .*|Cache (?:restore|save) skipped: .*|\w*Error: .*)$/,
];
/** The client throws nothing: its failures are lines. More than the first line of one (`%0A`) is advice for its user. */
function actions_store_troubleIn(said) {
    const lines = said.split('\n').map(line => line.trim().split('%0A', 1)[0] ?? '');
    const found = reasons.flatMap(reason => lines.flatMap(line => reason.exec(line)?.[1] ?? []));
    return found[0];
}

;// CONCATENATED MODULE: ./.build/src/mounts/local-store.js


/** Archives of one mount that are kept: that of this branch's lock files, and that of another's. */
const local_store_kept = 2;
/** A folder of this machine, for where no cache service is: one folder below it for each key. */
const localStore = (root) => ({
    name: root,
    async fetch({ prefix, key }) {
        const keys = await local_store_keysIn(root, prefix);
        const found = keys.includes(key) ? key : keys[0];
        return found === undefined ? undefined : { key: found, folder: (0,external_node_path_.join)(root, found) };
    },
    async save({ prefix, key }, folder) {
        await (0,promises_.mkdir)(root, { recursive: true });
        // A name of its own and a rename: nobody reads a half.
        const fresh = await (0,promises_.mkdtemp)((0,external_node_path_.join)(root, '.new-'));
        try {
            await (0,promises_.cp)(folder, fresh, { recursive: true });
            await (0,promises_.rm)((0,external_node_path_.join)(root, key), { recursive: true, force: true });
            await (0,promises_.rename)(fresh, (0,external_node_path_.join)(root, key));
        }
        finally {
            await (0,promises_.rm)(fresh, { recursive: true, force: true });
        }
        const old = (await local_store_keysIn(root, prefix)).slice(local_store_kept);
        await Promise.all(old.map(name => (0,promises_.rm)((0,external_node_path_.join)(root, name), { recursive: true, force: true })));
    },
    drop: key => (0,promises_.rm)((0,external_node_path_.join)(root, (0,external_node_path_.basename)(key)), { recursive: true, force: true }),
});
/** Keys with a prefix, the last written first. */
async function local_store_keysIn(root, prefix) {
    const names = (await (0,promises_.readdir)(root).catch(() => [])).filter(name => name.startsWith(prefix));
    const times = await Promise.all(names.map(name => (0,promises_.stat)((0,external_node_path_.join)(root, name)).then(({ mtimeMs }) => mtimeMs, () => 0)));
    return names
        .map((name, index) => ({ name, time: times[index] ?? 0 }))
        .sort((a, b) => b.time - a.time)
        .map(({ name }) => name);
}

;// CONCATENATED MODULE: ./.build/src/mounts/choose-store.js





/** The store of this machine, or why there is none. */
function storeOf({ path }, { context, env, rights, newmanWorker }) {
    if (path !== undefined)
        return localStore((0,external_node_path_.isAbsolute)(path) ? path : (0,external_node_path_.join)(context, path));
    // A step that runs a program has no right to the service; an action has (actions/runner, NodeScriptActionHandler).
    if (rights.ACTIONS_RESULTS_URL && rights.ACTIONS_RUNTIME_TOKEN)
        return actionsStore({ worker: (0,external_node_path_.join)((0,external_node_path_.dirname)(newmanWorker), 'cache-worker.js'), rights });
    if (env.GITHUB_ACTIONS === 'true')
        return 'this step has no cache service: use the action instead of a command, or give cache-mounts a path';
    const checkout = (0,external_node_crypto_.createHash)('sha256').update(context).digest('hex').slice(0, 8);
    return localStore((0,external_node_path_.join)(env.XDG_CACHE_HOME || (0,external_node_path_.join)((0,external_node_os_.homedir)(), '.cache'), 'pce', 'mounts', checkout));
}
/**
 * Why this job puts nothing into the store, where that is so. GitHub's service keeps the branches apart; a folder has no
 * such walls, and what a pull request left there would be in the builds of every branch.
 */
const whyOnlyRead = ({ path }, { rights }) => path !== undefined && isPull(rights) ? `a pull request only reads ${path}, which all branches share` : undefined;
const isPull = ({ GITHUB_EVENT_NAME = '', GITHUB_REF = '' }) => GITHUB_EVENT_NAME.startsWith('pull_request') || GITHUB_REF.startsWith('refs/pull/');

;// CONCATENATED MODULE: ./.build/src/mounts/expand.js
/**
 * Replaces variables in one word of a Dockerfile and takes its quotes away, as BuildKit does (moby/buildkit
 * frontend/dockerfile/shell/lex.go): `$X`, `${X:-word}`, `:+`, `-`, `+`, `?`, patterns after `#`, `##`, `%`, `%%`, `/`, `//`.
 */
function expand_expand(text, lookup) {
    const missing = [];
    let value = '';
    let quote = '';
    for (let at = 0; at < text.length; at++) {
        const char = text.charAt(at);
        if (char === quote)
            quote = '';
        else if (quote === "'")
            value += char;
        else if (quote === '' && (char === '"' || char === "'"))
            quote = char;
        else if (char === '\\')
            value += text.charAt(++at);
        else if (char === '$') {
            const { length, ...found } = substitute(text.slice(at), lookup);
            at += length - 1;
            value += found.value;
            missing.push(...found.missing);
        }
        else
            value += char;
    }
    return { value, missing };
}
function substitute(text, lookup) {
    const [plain, name] = /^\$(\w+)/.exec(text) ?? [];
    if (plain !== undefined && name !== undefined)
        return { ...expand_read(name, lookup), length: plain.length };
    if (!text.startsWith('${'))
        return { value: '$', missing: [], length: 1 };
    const inner = text.slice(2, closing(text));
    const [, of = '', modifier = ''] = /^(\w+)(.*)$/s.exec(inner) ?? [];
    return { ...modify(of, modifier, lookup), length: inner.length + 3 };
}
/** Where the brace closes that opens at 1; the end when none does. */
function closing(text) {
    let depth = 0;
    for (let at = 1; at < text.length; at++) {
        const char = text.charAt(at);
        if (char === '\\')
            at++;
        else if (char === '{')
            depth++;
        else if (char === '}' && --depth === 0)
            return at;
    }
    return text.length;
}
function expand_read(name, lookup) {
    const value = lookup(name);
    return value === undefined ? { value: '', missing: [name] } : { value, missing: [] };
}
function modify(name, modifier, lookup) {
    const [, colon = '', sign = '', word = ''] = /^(:?)([-+?])(.*)$/s.exec(modifier) ?? [];
    const value = lookup(name);
    const isSet = value !== undefined && !(colon === ':' && value === '');
    if (sign === '-')
        return isSet ? { value, missing: [] } : expand_expand(word, lookup);
    if (sign === '+')
        return isSet ? expand_expand(word, lookup) : { value: '', missing: [] };
    if (value === undefined)
        return { value: '', missing: [name] };
    return { value: replacePattern(value, modifier, lookup), missing: [] };
}
function replacePattern(value, modifier, lookup) {
    const [, sign = '', end = ''] = /^(##?|%%?)(.*)$/s.exec(modifier) ?? [];
    if (sign !== '')
        return cut(value, sign, expand_expand(end, lookup).value);
    const [, slashes = '', pattern = '', replacement = ''] = /^(\/\/?)((?:\\.|[^\\/])+)\/?(.*)$/s.exec(modifier) ?? [];
    if (slashes === '')
        return value;
    return replaceIn(value, tokensOf(pattern), { all: slashes === '//', by: () => expand_expand(replacement, lookup).value });
}
/** Puts something in the place of the longest match of the first place that has one, or of each. */
function replaceIn(value, pattern, { all, by }) {
    let replaced = '';
    for (let at = 0; at < value.length;) {
        const length = endsOf(pattern, value.slice(at)).at(-1) ?? 0;
        replaced += length === 0 ? value.charAt(at) : by();
        at += Math.max(1, length);
        if (length > 0 && !all)
            return replaced + value.slice(at);
    }
    return replaced;
}
/** Takes away the shortest beginning (`#`), the longest (`##`), or such an end (`%`, `%%`). */
function cut(value, sign, pattern) {
    const fromEnd = sign.startsWith('%');
    const tokens = tokensOf(pattern);
    const text = fromEnd ? reversed(value) : value;
    const length = endsOf(fromEnd ? tokens.toReversed() : tokens, text).at(sign.length === 2 ? -1 : 0) ?? 0;
    return fromEnd ? value.slice(0, value.length - length) : value.slice(length);
}
const reversed = (text) => text.split('').reverse().join('');
const tokensOf = (pattern) => [...pattern.matchAll(/\\([\s\S])|[\s\S]/g)].map(([sign, kept]) => {
    if (kept !== undefined)
        return { sign: kept, kind: 'itself' };
    return { sign, kind: sign === '*' ? 'many' : sign === '?' ? 'any' : 'itself' };
});
/**
 * Lengths of the beginnings of a text that a pattern matches, the shortest first. All ways at once, as BuildKit's own
 * regular expressions do it (Go, package regexp): one that tries them in turn may work without end.
 */
function endsOf(pattern, text) {
    const ends = [];
    let reached = new Uint8Array(pattern.length + 1);
    reached[0] = 1;
    for (let at = 0;; at++) {
        for (const [index, { kind }] of pattern.entries())
            if (reached[index] && kind === 'many')
                reached[index + 1] = 1;
        if (reached[pattern.length])
            ends.push(at);
        if (at === text.length || !reached.includes(1))
            return ends;
        const next = new Uint8Array(pattern.length + 1);
        for (const [index, { sign, kind }] of pattern.entries()) {
            if (!reached[index])
                continue;
            if (kind === 'many')
                next[index] = 1;
            else if (kind === 'any' || sign === text.charAt(at))
                next[index + 1] = 1;
        }
        reached = next;
    }
}

;// CONCATENATED MODULE: ./.build/src/mounts/instructions.js
/** Instructions that may have heredocs (moby/buildkit frontend/dockerfile/parser, heredocDirectives). */
const withHeredocs = /^(run|copy|add|onbuild)$/;
/**
 * The instructions of a Dockerfile, as BuildKit's parser joins and splits them: escape directive, comments and empty
 * lines inside a continued line, heredocs. What BuildKit would refuse is not refused here: it says so itself.
 */
function parseInstructions(text) {
    const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
    const escapeWith = escapeOf(lines);
    const instructions = [];
    for (let at = 0; at < lines.length;) {
        const { line, next } = joinLines(lines, at, escapeWith);
        at = next;
        const [, name = '', tail = ''] = /^\s*([A-Za-z]+)\s*(.*)$/s.exec(line) ?? [];
        if (name === '')
            continue;
        const instruction = { name: name.toLowerCase(), ...splitFlags(tail, escapeWith) };
        if (withHeredocs.test(instruction.name))
            at = afterHeredocs(lines, at, instruction.rest);
        instructions.push(instruction);
    }
    return instructions;
}
/** Parser directives are the comments before anything else (docs.docker.com, Dockerfile reference). */
function escapeOf(lines) {
    for (const line of lines) {
        const [, name = '', value = ''] = /^\s*#\s*([A-Za-z]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
        if (name === '')
            break;
        if (name.toLowerCase() === 'escape')
            return value === '`' ? '`' : '\\';
    }
    return '\\';
}
const isEmpty = (line) => /^\s*(#.*)?$/.test(line);
function joinLines(lines, from, escapeWith) {
    const continued = escapeWith === '`' ? /(^|[^`])`[ \t]*$/ : /(^|[^\\])\\[ \t]*$/;
    let line = '';
    let at = from;
    while (at < lines.length) {
        const raw = lines[at++] ?? '';
        if (isEmpty(raw)) {
            if (line === '')
                return { line, next: at };
            continue;
        }
        line += raw.replace(continued, '$1');
        if (!continued.test(raw))
            break;
    }
    return { line, next: at };
}
/** moby/buildkit frontend/dockerfile/parser/split_command.go, extractBuilderFlags: quotes go, an escape keeps one. */
function splitFlags(text, escapeWith) {
    const flags = [];
    let rest = text.trimStart();
    while (rest.startsWith('--')) {
        const { word, after } = takeWord(rest, escapeWith);
        rest = after.trimStart();
        if (word === '--')
            break;
        flags.push(word);
    }
    return { flags, rest };
}
function takeWord(text, escapeWith) {
    let word = '';
    let quote = '';
    for (let at = 0; at < text.length; at++) {
        const char = text.charAt(at);
        if (quote === '' && /\s/.test(char))
            return { word, after: text.slice(at) };
        if (quote === '' && (char === '"' || char === "'"))
            quote = char;
        else if (char === quote)
            quote = '';
        else
            word += char === escapeWith ? text.charAt(++at) : char;
    }
    return { word, after: '' };
}
/** The line after the text of the heredocs that an instruction opens. A redirection inside quotes opens none. */
function afterHeredocs(lines, from, rest) {
    let at = from;
    for (const [, chomp, quoted, bare] of rest
        .replaceAll(/(?<!<<-?)(["'])(?:\\.|(?!\1).)*\1/g, '')
        .matchAll(/(?<=^|\s)\d*<<(?!<)(-?)(?:["']([^"'\s]+)["']|([^\s<"']+))(?=\s|$)/g)) {
        const end = quoted ?? bare;
        const isEnd = (line) => (chomp === '-' ? line.replace(/^\t+/, '') : line) === end;
        while (at < lines.length && !isEnd(lines[at] ?? ''))
            at++;
        at++;
    }
    return at;
}

;// CONCATENATED MODULE: ./.build/src/mounts/stages.js


/** Own values alone: a variable may be called `constructor`. */
const valueIn = (values, name) => Object.hasOwn(values, name) ? values[name] : undefined;
/** The stages of a Dockerfile that a solve needs, in the order of the file. */
function stages_findStages(text, solve) {
    const { globals, written } = split(parseInstructions(text), solve);
    const target = indexOf(written, solve.target ?? String(written.length - 1), written.length);
    const needed = closureOf(written, target ?? -1, globals);
    const known = [];
    for (const [index, stage] of written.entries())
        known.push(walk(stage, known, { written, index, globals, solve }));
    return [...needed].sort((a, b) => a - b).flatMap(index => known[index] ?? []);
}
/** Platform arguments in the global scope (docs.docker.com, Dockerfile reference). */
function platformArgs({ platform, buildPlatform, target }) {
    const parts = (prefix, value) => {
        const [os = '', arch = '', variant = ''] = value.split('/');
        return { [`${prefix}PLATFORM`]: value, [`${prefix}OS`]: os, [`${prefix}ARCH`]: arch, [`${prefix}VARIANT`]: variant };
    };
    return {
        ...parts('BUILD', buildPlatform),
        ...parts('TARGET', platform),
        ...(target === undefined ? {} : { TARGETSTAGE: target }),
    };
}
function split(instructions, solve) {
    const first = instructions.findIndex(({ name }) => name === 'from');
    if (first === -1)
        return { globals: {}, written: [] };
    let globals = platformArgs(solve);
    for (const { name, rest } of instructions.slice(0, first))
        if (name === 'arg')
            globals = declare(rest, globals, { solve, globals, lookup: key => valueIn(globals, key) ?? '' });
    const written = [];
    for (const instruction of instructions.slice(first)) {
        const { name, rest } = instruction;
        if (name === 'from')
            written.push(writtenOf(rest, written.length));
        else
            written.splice(-1, 1, ...written.slice(-1).map(stage => ({ ...stage, instructions: [...stage.instructions, instruction] })));
    }
    return { globals, written };
}
function writtenOf(rest, index) {
    const [base = '', as = '', name] = rest.trim().split(/\s+/);
    const isNamed = /^as$/i.test(as) && name !== undefined;
    return { name: isNamed ? name.toLowerCase() : String(index), base, instructions: [] };
}
/** The last stage before `before` with that name or number. */
function indexOf(written, name, before) {
    const found = written.slice(0, before).findLastIndex(stage => stage.name === name.toLowerCase());
    if (found !== -1)
        return found;
    return /^\d+$/.test(name) && Number(name) < before ? Number(name) : undefined;
}
/** What a stage needs, itself first: its base, what it copies from, what it mounts. */
function closureOf(written, target, globals) {
    const found = new Set();
    const add = (index) => {
        const stage = written[index];
        if (stage === undefined || found.has(index))
            return;
        found.add(index);
        const names = [expand_expand(stage.base, name => valueIn(globals, name)).value, ...stage.instructions.flatMap(sourcesOf)];
        for (const name of names)
            add(indexOf(written, name, index) ?? -1);
    };
    add(target);
    return found;
}
/** BuildKit takes no variables in `--from` and in a mount's `from`. */
const sourcesOf = ({ flags }) => flags.flatMap(flag => {
    const [, from] = /^--from=(.*)$/.exec(flag) ?? [];
    const [, mounted] = /^--mount=(?:.*,)?from=([^,]*)/i.exec(flag) ?? [];
    return from ?? mounted ?? [];
});
/** Goes through a stage from its base's end: each RUN sees what ARG and ENV before it say. */
function walk({ base, instructions }, known, { written, index, globals, solve }) {
    const { value: name, missing } = expand_expand(base, key => valueIn(globals, key));
    const parent = known[indexOf(written, name, index) ?? -1];
    let args = parent?.args ?? {};
    let env = parent?.env ?? {};
    const steps = [];
    for (const { name: kind, flags, rest } of instructions) {
        const [scopeArgs, scopeEnv] = [args, env];
        const lookup = (key) => valueIn(scopeEnv, key) ?? valueIn(scopeArgs, key);
        if (kind === 'arg')
            args = declare(rest, args, { solve, globals, lookup });
        else if (kind === 'env')
            env = { ...env, ...assignments(rest, lookup) };
        else if (kind === 'run')
            steps.push({ flags, expand: text => expand_expand(text, lookup) });
    }
    const image = missing.length > 0 || name === 'scratch' ? undefined : name;
    return { image: parent === undefined ? image : parent.image, steps, args, env };
}
/** ARG: the build argument, else the default, else the global of that name. */
function declare(rest, before, { solve: { buildArgs }, globals, lookup }) {
    const declared = stages_wordsOf(rest).flatMap((word) => {
        const [name = '', ...tail] = word.split('=');
        const fallback = word.includes('=') ? stages_known(expand_expand(tail.join('='), lookup)) : valueIn(globals, name);
        const value = valueIn(buildArgs, name) ?? fallback;
        return value === undefined ? [] : [[name, value]];
    });
    return { ...before, ...Object.fromEntries(declared) };
}
/** ENV: `A=b C="d e"`, or the old `A b c`. A value that depends on something unknown is unknown. */
function assignments(rest, lookup) {
    const words = stages_wordsOf(rest);
    const [first = ''] = words;
    const pairs = first.includes('=')
        ? words.map((word) => [word.split('=', 1)[0] ?? '', word.slice(word.indexOf('=') + 1)])
        : [[first, rest.trim().slice(first.length).trim()]];
    return Object.fromEntries(pairs.flatMap(([name, text]) => {
        const value = stages_known(expand_expand(text, lookup));
        return value === undefined ? [] : [[name, value]];
    }));
}
const stages_known = ({ value, missing }) => (missing.length > 0 ? undefined : value);
/** Words between white space that is neither quoted nor escaped. */
const stages_wordsOf = (text) => text.match(/(?:\\.|"(?:\\.|[^"\\])*"|'[^']*'|[^\s"'\\])+/gs) ?? [];

;// CONCATENATED MODULE: ./.build/src/mounts/find.js


/** The cache mounts of the stages that a solve needs. Pure. */
function findMounts(text, solve) {
    const stages = stages_findStages(text, solve).map(({ image, steps }) => ({ image, read: steps.flatMap(readMounts) }));
    const read = stages.flatMap(stage => stage.read);
    const mounts = read.flatMap(one => (typeof one === 'string' ? [] : [one]));
    const images = stages.flatMap(stage => (stage.read.some(one => typeof one !== 'string') ? (stage.image ?? []) : []));
    return {
        mounts: [...new Map(mounts.map(mount => [find_nameOf(mount), mount])).values()],
        images: [...new Set(images)],
        left: [...new Set(read.filter(one => typeof one === 'string'))],
    };
}
/** What tells a mount from the others of a builder: `/root/.npm`, `npm uid=1000,gid=1000`. */
const find_nameOf = ({ id, owner }) => (owner === '' ? id : `${id} ${owner}`);
/** The cache mounts of a RUN: each one, or why it is left alone. */
const readMounts = (step) => step.flags.flatMap(flag => (flag.startsWith('--mount=') ? readMount(flag.slice('--mount='.length), step) : []));
function readMount(text, step) {
    const fields = new Map(fieldsOf(text).map(field => readField(field, step)));
    const value = (key) => fields.get(key)?.value ?? '';
    if (value('type').toLowerCase() !== 'cache')
        return [];
    const name = value('id') === '' ? 'target' : 'id';
    if (value(name) === '')
        return [];
    const missing = [name, ...ownerKeys].flatMap(key => fields.get(key)?.missing ?? []);
    if (missing.length > 0)
        return [`${text}: only the build knows $${missing.join(', $')}; give the mount an id without it`];
    if (fields.has('from') || external_node_path_.posix.join('/', value('source')) !== '/')
        return [`${text}: it begins with files of another stage (from, source)`];
    const owner = ownerKeys.flatMap(key => (fields.has(key) ? [`${key}=${value(key)}`] : []));
    if (owner.some(one => !/=\d+$/.test(one)))
        return [];
    return [{ id: name === 'id' ? value('id') : cleaned(value('target')), owner: owner.join(',') }];
}
const ownerKeys = ['uid', 'gid', 'mode'];
const otherNames = { dst: 'target', destination: 'target', src: 'source' };
function readField(field, step) {
    const [written = '', ...tail] = field.split('=');
    const key = written.toLowerCase();
    return [otherNames[key] ?? key, step.expand(tail.join('='))];
}
/** Fields of a CSV line: a field that holds a comma is quoted. */
const fieldsOf = (text) => [...text.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, bare = '']) => quoted?.replaceAll('""', '"') ?? bare);
/** Go's path.Clean. */
const cleaned = (path) => external_node_path_.posix.normalize(path).replace(/(?<=.)\/$/, '');

;// CONCATENATED MODULE: ./.build/src/mounts/lock-files.js



/** Files that say which packages a build installs, by the names that their package managers give them. */
const lockFile = new RegExp(`^(${[
    'package-lock\\.json|npm-shrinkwrap\\.json|yarn\\.lock|pnpm-lock\\.yaml|bun\\.lockb?|deno\\.lock',
    'requirements.*\\.(txt|in)|constraints.*\\.txt|poetry\\.lock|uv\\.lock|pdm\\.lock|Pipfile\\.lock|pylock.*\\.toml',
    'mix\\.lock|rebar\\.lock|go\\.sum|Cargo\\.lock|Gemfile\\.lock|composer\\.lock|Package\\.resolved|pubspec\\.lock',
    'pom\\.xml|.*gradle\\.lockfile|libs\\.versions\\.toml|verification-metadata\\.xml|build\\.sbt|deps\\.edn',
    'packages\\.lock\\.json|paket\\.lock|stack\\.yaml\\.lock|cabal\\.project\\.freeze|conan\\.lock|flake\\.lock|Podfile\\.lock',
].join('|')})$`);
/** Folders of installed packages and of Git: lock files in there are not the repository's. */
const lock_files_passed = new Set(['node_modules', 'vendor', 'deps', 'target', '_build', 'build', 'dist', '__pycache__']);
/** Levels below a context that are looked at. */
const depth = 8;
/** Lock files below a folder, sorted: their paths in it. A folder that can't be read has none. */
async function findLockFiles(folder) {
    const found = [];
    const look = async (path, level) => {
        const entries = await (0,promises_.readdir)((0,external_node_path_.join)(folder, path), { withFileTypes: true }).catch(() => []);
        for (const entry of entries) {
            if (entry.isFile() && lockFile.test(entry.name))
                found.push(external_node_path_.posix.join(path, entry.name));
            if (entry.isDirectory() && level < depth && !entry.name.startsWith('.') && !lock_files_passed.has(entry.name))
                await look(external_node_path_.posix.join(path, entry.name), level + 1);
        }
    };
    await look('', 0);
    return found.sort();
}
/** 16 hex digits over the names and contents of files, which are given by absolute path. */
async function hashFiles(files) {
    const hash = (0,external_node_crypto_.createHash)('sha256');
    for (const { name, path } of files) {
        const content = (0,external_node_crypto_.createHash)('sha256').update(await (0,promises_.readFile)(path).catch(() => ''));
        hash.update(`${name}\0${content.digest('hex')}\n`);
    }
    return hash.digest('hex').slice(0, 16);
}

;// CONCATENATED MODULE: ./.build/src/mounts/keys.js




/** A change here is another format: what older versions kept is not read. */
const format = 1;
/**
 * The keys of a mount: its name, the platforms of the builds that use it, and the lock files of their contexts. The
 * cache service of GitHub Actions takes 512 characters and no comma.
 */
async function keys_keysOf(mount, platforms, places) {
    const name = find_nameOf(mount);
    const readable = name
        .replaceAll(/[^A-Za-z0-9.]+/g, '-')
        .replaceAll(/^-|-$/g, '')
        .slice(-60);
    const digest = (0,external_node_crypto_.createHash)('sha256').update(name).digest('hex').slice(0, 8);
    const machines = [...new Set(platforms)].sort().join('+').replaceAll('/', '-').slice(0, 200);
    const prefix = `pce-mounts-${format}-${machines}-${readable}-${digest}-`;
    return { prefix, key: `${prefix}${await locksOf(places)}` };
}
async function locksOf(places) {
    const contexts = [...new Set(places.map(({ context }) => context))].sort();
    const locks = await Promise.all(contexts.map(async (context, index) => (await findLockFiles(context)).map(path => ({ name: `${index}/${path}`, path: (0,external_node_path_.join)(context, path) }))));
    if (locks.flat().length > 0)
        return hashFiles(locks.flat());
    const files = [...new Set(places.map(({ dockerfile }) => dockerfile))].sort();
    return hashFiles(files.map((path, index) => ({ name: String(index), path })));
}

;// CONCATENATED MODULE: ./.build/src/mounts/observe.js




/** Node's names of processors, as platforms have them. */
const architectures = { x64: 'amd64', ia32: '386' };
const observe_native = `linux/${architectures[process.arch] ?? process.arch}`;
/** Reads the Dockerfiles of builds and the lock files of their contexts. A file that can't be read has no mounts. */
async function observeMounts(uses, { context }) {
    const namespace = namespaceOf(uses[0]);
    const seen = await Promise.all(uses.map(use => readUse(use, context)));
    const others = seen.filter(({ use }) => namespaceOf(use) !== namespace);
    const mine = seen.filter(({ use }) => namespaceOf(use) === namespace);
    const mounts = new Map(mine.flatMap(({ found }) => found.mounts.map(mount => [find_nameOf(mount), mount])));
    const kept = [...mounts].map(async ([name, mount]) => {
        const users = mine.filter(({ found }) => found.mounts.some(one => find_nameOf(one) === name)).map(({ use }) => use);
        const places = users.map(use => ({
            context: (0,external_node_path_.resolve)(context, use.context),
            dockerfile: (0,external_node_path_.resolve)(context, use.dockerfile),
        }));
        return { ...mount, ...(await keys_keysOf(mount, users.map(observe_platformOf), places)) };
    });
    return {
        mounts: await Promise.all(kept),
        images: [...new Set(mine.flatMap(({ found }) => found.images))],
        namespace,
        left: [
            ...new Set(mine.flatMap(({ found }) => found.left)),
            ...others.map(({ use }) => `${use.dockerfile}: its builds have different BUILDKIT_CACHE_MOUNT_NS`),
        ],
    };
}
async function readUse(use, context) {
    const text = use.inline ?? (await (0,promises_.readFile)((0,external_node_path_.resolve)(context, use.dockerfile), 'utf8').catch(() => ''));
    const { target, buildArgs, contexts, fresh } = use;
    const found = findMounts(text, { target, buildArgs, platform: observe_platformOf(use), buildPlatform: observe_native });
    const images = found.images.flatMap(image => imageIn((Object.hasOwn(contexts, image) ? contexts[image] : undefined) ?? `docker-image://${image}`));
    if (!fresh)
        return { use, found: { ...found, images } };
    // Without a cache BuildKit makes the folder anew, and with it another mount.
    const owned = found.mounts
        .filter(({ owner }) => owner !== '')
        .map(mount => `${find_nameOf(mount)}: no-cache gives it a new folder in each build`);
    return {
        use,
        found: { mounts: found.mounts.filter(({ owner }) => owner === ''), images, left: [...found.left, ...owned] },
    };
}
/** A build context that is an image (docker/buildx, `--build-context`); a folder in its place can move no files. */
const imageIn = (source) => source.startsWith('docker-image://') ? [source.slice('docker-image://'.length)] : [];
const observe_platformOf = ({ platform }) => (platform === 'native' ? observe_native : platform);
const namespaceOf = (use) => use?.buildArgs.BUILDKIT_CACHE_MOUNT_NS ?? '';

;// CONCATENATED MODULE: ./.build/src/mounts/trouble.js
/**
 * Does work that must never fail a run: trouble, and a deadline (ms) that passed, end as a line that begins with `title`.
 * @throws only the reason of the run's own signal
 */
async function withDeadline(title, deadline, { signal, say }, work) {
    const limit = AbortSignal.timeout(deadline);
    try {
        return await work(AbortSignal.any([signal, limit]));
    }
    catch (error) {
        signal.throwIfAborted();
        say(`${title}: ${limit.aborted ? `it took longer than ${deadline / 1000} s` : trouble_reasonOf(error)}`);
        return undefined;
    }
}
const trouble_reasonOf = (error) => (error instanceof Error ? error.message : String(error));

;// CONCATENATED MODULE: ./.build/src/mounts/fetch.js







/** Where fetched archives lie in a run. */
const foldersOf = ({ run }) => (0,external_node_path_.join)(run.directory, 'mounts', 'fetched');
/** ms for all downloads together: what takes longer than packages would is no gain */
const deadline = 120_000;
/** Finds the mounts of builds and fetches what is kept of them. Trouble is a line, never an error. */
async function fetchMounts({ config, uses, elsewhere }, scope) {
    const seen = await withDeadline('Cache mounts are not kept', deadline, scope, () => observeMounts(uses, scope));
    const { mounts, images, namespace, left } = seen ?? { mounts: [], images: [], namespace: '', left: [] };
    if (elsewhere !== undefined && mounts.length > 0)
        scope.say(`Cache mounts are not moved: ${elsewhere} keeps its own`);
    if (elsewhere !== undefined)
        return { mounts: [], images, namespace };
    for (const line of left)
        scope.say(`Not kept between runs: cache mount ${line}`);
    const store = storeOf(config, scope);
    if (mounts.length > 0 && typeof store === 'string')
        scope.say(`Cache mounts are not kept: ${store}`);
    if (typeof store === 'string')
        return { mounts: [], images, namespace };
    const fetched = mounts.map((mount, index) => fetchMount(mount, { store, folder: (0,external_node_path_.join)(foldersOf(scope), String(index)) }, scope));
    return { mounts: await Promise.all(fetched), images: config.image === undefined ? images : [config.image], namespace };
}
async function fetchMount(mount, { store, folder }, scope) {
    const title = `Cache mount ${find_nameOf(mount)}`;
    const hit = await withDeadline(`${title} is not restored`, deadline, scope, async (signal) => {
        await (0,promises_.mkdir)(folder, { recursive: true });
        return store.fetch(mount, folder, signal);
    });
    if (hit === undefined)
        return mount;
    const layer = await readArchive(hit.folder);
    if (typeof layer !== 'string')
        return { ...mount, hit: hit.key, archive: { folder: hit.folder, layer } };
    scope.say(`${title} is not restored: what ${store.name} has under ${hit.key} was thrown away, since ${layer}`);
    await store.drop(hit.key).catch(() => { });
    await (0,promises_.rm)(folder, { recursive: true, force: true });
    return mount;
}

;// CONCATENATED MODULE: ./.build/src/mounts/solve.js
/**
 * What runs beside a cache mount, in an image of the build itself: nothing but sh and tar (or cp, without tar) is
 * asked of it. Each call says one line about its mount: `pce-mount INDEX STATE`. A mount that holds something is left
 * as it is; one that could be filled only in part is emptied.
 */
const solve_script = `set -u
mount=/pce/mount
is_empty() { [ -z "$(ls -A $mount)" ]; }
empty() { cd $mount && rm -rf -- * .[!.]* ..?*; }
has() { command -v "$1" >/dev/null 2>&1; }
say() { echo "pce-mount $index $*"; }
restore() {
  if ! is_empty; then say kept
  elif [ -f /pce/seed/files.tar ]; then
    if tar -xpf /pce/seed/files.tar -C $mount; then say restored; else empty; say failed; fi
  elif cp -a /pce/seed/files/. $mount/; then say restored
  else empty; say failed
  fi
}
pack() {
  sparse=
  if tar --version 2>/dev/null | grep -q GNU; then sparse=--sparse; fi
  tar --numeric-owner $sparse -cf /pce-files/files.tar -C $mount . || [ $? = 1 ]
}
save() {
  if is_empty; then say empty; return; fi
  set -- "$1" $(du -sk $mount)
  if [ "\${2:-0}" -gt "$1" ]; then say large "$2"; return; fi
  if has tar; then pack; else cp -a $mount /pce-files/files; fi && say saved && return
  rm -rf /pce-files/* && say failed
}
index=$2
mkdir /pce-files
case $1 in restore) restore ;; save) save "$3" ;; esac
`;
/** Pure: fills mounts, each from its seed, side by side. `turn` is new for each call: none is taken from a cache. */
function planRestore(restorations, image, turn) {
    const stages = restorations.flatMap(({ mount }, index) => [
        `FROM $PCE_SEED_${index} AS seed${index}`,
        ...solve_stageOf(mount, index, [`restore`, String(index), turn], [`--mount=type=bind,from=seed${index},target=/pce/seed`]),
    ]);
    const seeds = Object.fromEntries(restorations.map(({ seed }, index) => [`PCE_SEED_${index}`, seed.image]));
    const mounts = restorations.map(({ mount }) => mount);
    const contexts = restorations.flatMap(({ seed }) => seed.context ?? []);
    return helperOf(mounts, { stages, args: { ...seeds, PCE_IMAGE: image }, contexts });
}
/** Pure: reads mounts, each into a layer of its own, in their order. `limit` in bytes. */
function planSave(mounts, image, { turn, limit }) {
    const stages = mounts.flatMap((mount, index) => solve_stageOf(mount, index, ['save', String(index), String(Math.ceil(limit / 1024)), turn]));
    return helperOf(mounts, { stages, args: { PCE_IMAGE: image }, contexts: [] });
}
function helperOf(mounts, { stages, args, contexts }) {
    const ids = Object.fromEntries(mounts.map(({ id }, index) => [`PCE_ID_${index}`, id]));
    const lines = [
        ...Object.keys(args).map(name => `ARG ${name}`),
        ...stages,
        'FROM scratch',
        ...mounts.map((_, index) => `COPY --link --from=mount${index} /pce-files/ /`),
    ];
    return { dockerfile: `${lines.join('\n')}\n`, buildArgs: { ...args, ...ids }, contexts };
}
/** The platform of the builder, whatever the image is for: a mount is the same for all of them, and nothing is emulated. */
const solve_stageOf = ({ owner }, index, argv, more = []) => [
    `FROM --platform=$BUILDPLATFORM $PCE_IMAGE AS mount${index}`,
    `ARG PCE_ID_${index}`,
    'USER 0',
    [
        'RUN --network=none',
        `--mount=type=cache,id=$PCE_ID_${index},target=/pce/mount,sharing=locked${owner === '' ? '' : `,${owner}`}`,
        '--mount=type=bind,source=mounts.sh,target=/pce/mounts.sh',
        ...more,
        JSON.stringify(['/bin/sh', '/pce/mounts.sh', ...argv]),
    ].join(' '),
];
/** What the script said about each mount, by its index. `--progress=plain` puts step and time before its lines. */
function readStates(output) {
    const said = output.matchAll(/^#\d+ [\d.]+ pce-mount (\d+) (restored|kept|saved|empty|large|failed) ?(.*)$/gm);
    return new Map([...said].map(([, index, state, detail = '']) => [Number(index), { state: state, detail }]));
}

;// CONCATENATED MODULE: ./.build/src/mounts/helper.js







const helper_metadataSchema = schemas/* looseObject */._H3({ 'containerimage.digest': record_image/* digestSchema */.er.optional() });
/** Runs a helper's solve in an empty context; gives what its script said and the digest of what it put out. */
async function solveHelper(helper, solving, scope) {
    const parent = (0,external_node_path_.join)(scope.run.directory, 'mounts');
    await (0,promises_.mkdir)(parent, { recursive: true });
    const context = await (0,promises_.mkdtemp)((0,external_node_path_.join)(parent, 'solve-'));
    const metadata = `${context}.json`;
    try {
        await (0,promises_.writeFile)((0,external_node_path_.join)(context, 'Dockerfile'), helper.dockerfile);
        await (0,promises_.writeFile)((0,external_node_path_.join)(context, 'mounts.sh'), solve_script);
        const program = helper_programOf(argvOf(helper, solving, { context, metadata }), solving, scope);
        const end = await (0,run/* runProgram */.mB)(program);
        if (end.exitCode !== 0)
            throw new errors/* OutsideError */.Cp((0,run/* failureOf */.g5)(program, end));
        const told = helper_metadataSchema.parse(JSON.parse(await (0,promises_.readFile)(metadata, 'utf8').catch(() => '{}')));
        return { states: readStates(end.stderr), digest: told['containerimage.digest'] };
    }
    finally {
        await (0,promises_.rm)(context, { recursive: true, force: true });
        await (0,promises_.rm)(metadata, { force: true });
    }
}
const argvOf = ({ buildArgs, contexts }, { builder, output, namespace }, { context, metadata }) => [
    ...['docker', 'buildx', 'build', '--builder', builder, '--progress=plain', '--provenance=false', '--sbom=false'],
    ...Object.entries(buildArgs).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]),
    ...contexts.flatMap(context => ['--build-context', context]),
    ...(namespace === '' ? [] : ['--build-arg', `BUILDKIT_CACHE_MOUNT_NS=${namespace}`]),
    ...['--output', output, '--metadata-file', metadata, context],
];
const helper_programOf = (argv, { title }, { env, signal }) => ({
    title,
    argv,
    env,
    signal,
});

;// CONCATENATED MODULE: ./.build/src/mounts/oci.js



const manifestType = 'application/vnd.oci.image.manifest.v1+json';
/** An image of one layer (OCI image-spec, manifest.md, config.md). Its platform does not matter: nothing runs in it. */
function oci_imageOf({ mediaType, digest, size, diffId }) {
    const rootfs = { type: 'layers', diff_ids: [diffId] };
    const config = blobOf({ architecture: 'amd64', os: 'linux', config: {}, rootfs });
    const about = { mediaType: 'application/vnd.oci.image.config.v1+json', ...pointerTo(config) };
    return {
        config,
        manifest: blobOf({
            schemaVersion: 2,
            mediaType: manifestType,
            config: about,
            layers: [{ mediaType, digest, size }],
        }),
    };
}
const pointerTo = ({ digest, bytes }) => ({ digest, size: bytes.length });
function blobOf(value) {
    const bytes = Buffer.from(JSON.stringify(value));
    return { bytes, digest: `sha256:${(0,external_node_crypto_.createHash)('sha256').update(bytes).digest('hex')}` };
}
const pointer = schemas/* looseObject */._H3({ mediaType: schemas/* string */.YjP(), digest: record_image/* digestSchema */.er, size: schemas/* number */.aig() });
const oci_manifestSchema = schemas/* looseObject */._H3({ config: pointer, layers: schemas/* array */.YOg(pointer) });
const oci_configSchema = schemas/* looseObject */._H3({ rootfs: schemas/* object */.Ikc({ diff_ids: schemas/* array */.YOg(record_image/* digestSchema */.er) }) });
/** The layers of an image by its manifest and configuration, in their order. */
function layersIn({ layers }, config) {
    const ids = oci_configSchema.parse(config).rootfs.diff_ids;
    return layers.flatMap(({ mediaType, digest, size }, index) => {
        const diffId = ids[index];
        return diffId === undefined ? [] : [{ mediaType, digest, size, diffId }];
    });
}

;// CONCATENATED MODULE: ./.build/src/mounts/layout.js






const layout_indexSchema = schemas/* looseObject */._H3({ manifests: schemas/* array */.YOg(schemas/* looseObject */._H3({ digest: record_image/* digestSchema */.er })) });
/**
 * By OCI layouts through the session of the client (OCI image-spec, image-layout.md), for a builder that can't reach
 * staging. `turn` makes names of build contexts that no Dockerfile has.
 */
function layoutTransport(root, turn) {
    const output = (0,external_node_path_.join)(root, 'output');
    const fileOf = (folder, digest) => (0,external_node_path_.join)(folder, 'blobs', ...digest.split(':'));
    const read = async (digest) => JSON.parse(await (0,promises_.readFile)(fileOf(output, digest), 'utf8'));
    let given = 0;
    return {
        output: `type=oci,dest=${output},tar=false,oci-mediatypes=true,compression=zstd`,
        async give(folder, layer) {
            const name = `pce-seed-${turn}-${given++}`;
            const layout = (0,external_node_path_.join)(root, name);
            const { manifest, config } = oci_imageOf(layer);
            await (0,promises_.mkdir)((0,external_node_path_.join)(layout, 'blobs', 'sha256'), { recursive: true });
            const files = [
                ['oci-layout', JSON.stringify({ imageLayoutVersion: '1.0.0' })],
                ['index.json', JSON.stringify(layout_indexOf(manifest))],
                [(0,external_node_path_.join)('blobs', ...manifest.digest.split(':')), manifest.bytes],
                [(0,external_node_path_.join)('blobs', ...config.digest.split(':')), config.bytes],
            ];
            await Promise.all(files.map(([path, content]) => (0,promises_.writeFile)((0,external_node_path_.join)(layout, path), content)));
            const target = fileOf(layout, layer.digest);
            // Another file system, such as that of a local store, takes no hard link.
            await (0,promises_.link)(layerFileOf(folder), target).catch(() => (0,promises_.symlink)(layerFileOf(folder), target));
            return { image: name, context: `${name}=oci-layout://${layout}@${manifest.digest}` };
        },
        async layers() {
            const index = layout_indexSchema.parse(JSON.parse(await (0,promises_.readFile)((0,external_node_path_.join)(output, 'index.json'), 'utf8')));
            const manifest = oci_manifestSchema.parse(await read(index.manifests[0]?.digest ?? ''));
            return layersIn(manifest, await read(manifest.config.digest));
        },
        async take(layer, folder) {
            await (0,promises_.link)(fileOf(output, layer.digest), layerFileOf(folder));
            await writeArchive(folder, layer);
        },
        close: () => (0,promises_.rm)(root, { recursive: true, force: true }),
    };
}
const layout_indexOf = (manifest) => ({
    schemaVersion: 2,
    manifests: [{ mediaType: manifestType, ...pointerTo(manifest) }],
});

;// CONCATENATED MODULE: ./.build/src/mounts/staging.js








/** By the run's registry, which the builder reads and writes without a detour. */
function stagingTransport(host, tagged) {
    const repository = `${host}/pce-mounts`;
    const reference = tagged === undefined ? repository : `${repository}:${tagged.tag}`;
    const how = tagged === undefined ? 'push-by-digest=true,name-canonical=true,store=false' : 'unpack=false';
    const ask = (path, request) => askStaging(new URL(path, `http://${host}/v2/pce-mounts/`), request);
    /** OCI distribution-spec, "Pushing a blob monolithically", with POST then PUT. */
    const putBlob = async (digest, body, signal) => {
        const opened = await ask('blobs/uploads/', { method: 'POST', signal });
        const location = new URL(opened.headers.get('location') ?? '', opened.url);
        location.searchParams.set('digest', digest);
        const headers = { 'content-type': 'application/octet-stream' };
        await askStaging(location, { method: 'PUT', headers, body, signal });
    };
    return {
        // zstd: BuildKit writes it with all CPUs, gzip with one.
        output: `type=image,name=${reference},push=true,oci-mediatypes=true,compression=zstd,${how}`,
        async give(folder, layer, signal) {
            const { manifest, config } = oci_imageOf(layer);
            await putBlob(layer.digest, await (0,external_node_fs_.openAsBlob)(layerFileOf(folder)), signal);
            await putBlob(config.digest, new Blob([new Uint8Array(config.bytes)]), signal);
            const headers = { 'content-type': manifestType };
            const body = new Uint8Array(manifest.bytes);
            await ask(`manifests/${manifest.digest}`, { method: 'PUT', headers, body, signal });
            return { image: `${repository}@${manifest.digest}` };
        },
        async layers(digest, signal) {
            const source = { repository, digest };
            return layersIn(await readManifest(source, signal), await readConfiguration(source, signal));
        },
        async take(layer, folder, signal) {
            const { body } = await ask(`blobs/${layer.digest}`, { signal });
            if (body === null)
                throw new errors/* OutsideError */.Cp(`Staging gave no content for ${layer.digest}`);
            await (0,external_node_stream_promises_.pipeline)(external_node_stream_.Readable.fromWeb(body), (0,external_node_fs_.createWriteStream)(layerFileOf(folder)), { signal });
            await writeArchive(folder, layer);
        },
        async close() {
            if (tagged === undefined)
                return;
            await (0,docker/* tryDocker */.IY)('Remove what cache mounts held', ['image', 'rm', '--force', reference], tagged.engine).catch(() => { });
        },
    };
}
async function askStaging(url, request) {
    const response = await fetch(url, request).catch((cause) => {
        request.signal?.throwIfAborted();
        throw new errors/* OutsideError */.Cp(`Staging does not answer on ${url}`, { cause });
    });
    if (!response.ok)
        throw new errors/* OutsideError */.Cp(`Staging answered ${response.status} for ${url}`);
    return response;
}

;// CONCATENATED MODULE: ./.build/src/mounts/transport.js




/** Through staging where the builder reaches it: that is four times as quick as the session of the client. */
const openTransport = ({ builder: { stages }, staging }, turn, scope) => stages === 'layout'
    ? layoutTransport((0,external_node_path_.join)(scope.run.directory, 'mounts', `layout-${turn}`), turn)
    : stagingTransport(staging, stages === 'tag' ? { tag: turn, engine: scope } : undefined);
/**
 * Why a builder has no need of this, where it has none: what its mounts hold outlives the run. One that this run made
 * ends with it, and so does the engine of a machine that GitHub lends.
 */
function keepsItself({ builder: { name, driver } }, { run, rights }) {
    if (driver === 'remote')
        return 'the remote builder keeps its own';
    if (driver === 'docker')
        return rights.RUNNER_ENVIRONMENT === 'github-hosted' ? undefined : 'the engine keeps its own';
    return name === (0,run_run/* projectOf */.v8)(run.id) ? undefined : `the builder ${name} keeps its own`;
}

;// CONCATENATED MODULE: ./.build/src/mounts/restore.js








/** ms */
const restore_deadline = 180_000;
/** Fills the mounts of a builder from what was fetched, in one solve. Trouble is a line, never an error. */
async function restoreMounts(prepared, place, scope) {
    const why = keepsItself(place, scope);
    if (why !== undefined && prepared.mounts.length > 0)
        scope.say(`Cache mounts are not moved: ${why}`);
    const mounts = why === undefined ? prepared.mounts : [];
    const fetched = mounts.filter(({ archive }) => archive !== undefined);
    if (fetched.length === 0)
        return { ...prepared, mounts, filled: [] };
    const done = await withDeadline('Cache mounts are not restored', restore_deadline, scope, signal => restore_fill({ ...prepared, mounts: fetched }, place, { ...scope, signal }));
    // They are in the builder now, and what is kept later comes from there.
    await (0,promises_.rm)(foldersOf(scope), { recursive: true, force: true });
    return { ...prepared, mounts, ...done, filled: done?.filled ?? [] };
}
async function restore_fill(prepared, place, scope) {
    const { mounts, images, namespace } = prepared;
    const started = Date.now();
    const turn = (0,external_node_crypto_.randomBytes)(8).toString('hex');
    const transport = openTransport(place, turn, scope);
    try {
        const plan = (await Promise.all(mounts.map(mount => seedOf(mount, transport, scope)))).flat();
        const solving = { title: 'Restore cache mounts', builder: place.builder.name, output: 'type=cacheonly', namespace };
        const { value, image } = await firstThatWorks(images, one => solveHelper(planRestore(plan, one, turn), solving, scope));
        const seconds = ((Date.now() - started) / 1000).toFixed(1);
        const states = plan.map(({ mount }, index) => ({ mount, state: value.states.get(index)?.state }));
        for (const { mount, state } of states)
            scope.say(`Cache mount ${find_nameOf(mount)} ${outcomes[state ?? 'failed'] ?? `restored in ${seconds} s`}`);
        return {
            filled: states.flatMap(({ mount, state }) => (state === 'restored' ? [find_nameOf(mount)] : [])),
            images: [image, ...images.filter(one => one !== image)],
        };
    }
    finally {
        await transport.close();
    }
}
const outcomes = {
    kept: 'is filled already: left as it is',
    failed: 'could not be filled',
};
async function seedOf(mount, transport, { signal }) {
    if (mount.archive === undefined)
        return [];
    const { folder, layer } = mount.archive;
    return [{ mount, seed: await transport.give(folder, layer, signal) }];
}
/** Tries images in turn: not every one has sh, and one may be gone. @throws what the last one gave */
async function firstThatWorks(images, work) {
    let last = new Error('no stage that has one stands on an image; name one with sh and tar in cache-mounts.image');
    for (const image of images) {
        try {
            return { image, value: await work(image) };
        }
        catch (error) {
            last = error;
        }
    }
    throw last;
}

;// CONCATENATED MODULE: ./.build/src/mounts/save.js











/** ms for reading the mounts, and for keeping one of them */
const [readDeadline, keepDeadline] = [300_000, 300_000];
/**
 * Keeps what the mounts of a builder hold, but for those that were found under the very key. Trouble is a line, never
 * an error. Gives the names of what was kept.
 */
async function saveMounts(restored, config, place, scope) {
    const wanted = restored.mounts.filter(({ hit, key }) => hit !== key);
    const store = storeOf(config, scope);
    if (wanted.length === 0 || typeof store === 'string')
        return [];
    const closed = whyOnlyRead(config, scope);
    if (closed !== undefined) {
        scope.say(`Cache mounts are not kept: ${closed}`);
        return [];
    }
    const turn = (0,external_node_crypto_.randomBytes)(8).toString('hex');
    const transport = openTransport(place, turn, scope);
    try {
        const asked = { ...restored, mounts: wanted, limit: config['max-size'], turn, builder: place.builder.name };
        const read = await withDeadline('Cache mounts are not kept', readDeadline, scope, signal => save_readMounts(asked, transport, { ...scope, signal }));
        return await keepAll(read ?? [], { store, transport }, scope);
    }
    finally {
        await transport.close();
    }
}
async function keepAll(read, moving, scope) {
    const kept = [];
    for (const one of read) {
        const name = find_nameOf(one.mount);
        const done = await withDeadline(`Cache mount ${name} is not kept`, keepDeadline, scope, signal => keep(one, moving, { ...scope, signal }));
        if (done !== undefined)
            kept.push(name);
    }
    return kept;
}
async function save_readMounts(asked, transport, scope) {
    const { mounts, images, namespace, limit, turn, builder } = asked;
    const solving = { title: 'Read cache mounts', builder, namespace, output: transport.output };
    const { value } = await firstThatWorks(images, image => solveHelper(planSave(mounts, image, { turn, limit }), solving, scope));
    if (value.digest === undefined)
        throw new errors/* OutsideError */.Cp('the solve that reads them gave no digest');
    const layers = await transport.layers(value.digest, scope.signal);
    return mounts.flatMap((mount, index) => {
        const { state, detail } = value.states.get(index) ?? { state: 'failed', detail: '' };
        const layer = layers[index];
        if (state === 'saved' && layer !== undefined)
            return [{ mount, layer }];
        scope.say(`Cache mount ${find_nameOf(mount)} is not kept: ${save_reasons[state]?.(detail, limit) ?? 'its files could not be read'}`);
        return [];
    });
}
const save_reasons = {
    // Its step was taken from the layer cache: nothing ran that could fill it.
    empty: () => 'nothing is in it',
    large: (kilobytes, limit) => `it holds ${save_megabytes(Number(kilobytes) * 1024)}, more than ${save_megabytes(limit)} (cache-mounts.max-size)`,
};
const save_megabytes = (bytes) => `${Math.round(bytes / 1e6)} MB`;
async function keep({ mount, layer }, { store, transport }, scope) {
    const started = Date.now();
    const folder = (0,external_node_path_.join)(scope.run.directory, 'mounts', layer.digest.slice(-16));
    await (0,promises_.mkdir)(folder, { recursive: true });
    try {
        await transport.take(layer, folder, scope.signal);
        await store.save(mount, folder, scope.signal);
    }
    finally {
        await (0,promises_.rm)(folder, { recursive: true, force: true });
    }
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    scope.say(`Cache mount ${find_nameOf(mount)} kept (${save_megabytes(layer.size)}, ${seconds} s) as ${mount.key} in ${store.name}`);
    return true;
}

;// CONCATENATED MODULE: ./.build/src/mounts/tasks.js




/**
 * Fills the cache mounts of the builder before any build starts. It always has a value, so that no build ever waits in
 * vain: trouble is told. The download does not wait for the builder.
 */
function restoreTask(asked, { builder, staging }) {
    const { config } = asked;
    const fetched = (0,task_task/* task */._W)({
        id: 'mounts:fetch',
        // What the builds read is in their own requests.
        request: { ...config },
        needs: {},
        weight: 0,
        estimate: 5_000,
        perform: async (_, scope) => ({ value: await fetchMounts(asked, scope) }),
    });
    return (0,task_task/* task */._W)({
        id: 'mounts:restore',
        request: null,
        needs: { builder, staging, fetched },
        weight: 0.5,
        estimate: 5_000,
        perform: async (needed, scope) => {
            const place = { builder: needed.builder, staging: needed.staging.host };
            const value = await restoreMounts(needed.fetched, place, scope);
            return { value, ...(value.filled.length === 0 ? {} : { reason: `filled: ${value.filled.join('; ')}` }) };
        },
    });
}
/** Keeps what the mounts hold, once the gate has spoken, where there is one. */
const saveTask = (config, needs) => (0,task_task/* task */._W)({
    id: 'mounts:save',
    request: null,
    needs: { ...needs },
    estimate: 10_000,
    deadline: 1_800_000,
    perform: async ({ builder, staging, restored }, scope) => {
        const place = { builder, staging: staging.host };
        const kept = await saveMounts(restored, config, place, scope);
        return { value: { kept }, ...(kept.length === 0 ? {} : { reason: `kept: ${kept.join('; ')}` }) };
    },
});

;// CONCATENATED MODULE: ./.build/src/pipeline/plan-mounts.js





/** Pure: undefined where they are not kept. */
function planMounts(config, { planned, where, pull }) {
    const settings = config['cache-mounts'];
    const uses = new Map(planned.flatMap(usesOf).map(use => [JSON.stringify(use), use]));
    if (settings === undefined || settings === false || uses.size === 0)
        return undefined;
    const asked = { config: settings, uses: [...uses.values()], elsewhere: elsewhereIn(config) };
    const restored = pulling_pulling(restoreTask(asked, where), pull);
    return {
        restored,
        saveAfter: gate => pulling_pulling(saveTask(settings, { ...where, restored, ...(gate && { gate }) }), pull),
    };
}
/** A builder that is there before the run and after it. */
function elsewhereIn({ builder: { name, driver } }) {
    if (name !== undefined)
        return `the builder ${name}`;
    return driver === 'remote' ? 'the remote builder' : undefined;
}
/** The Dockerfiles of a build. Those of a context elsewhere, and what earthly builds, have none here. */
function usesOf({ config, target, platform, baked }) {
    if (config.earthfile !== undefined)
        return [];
    if (baked !== undefined)
        return Object.values(baked.targets).flatMap(one => bakedUse(one, { config, platform }));
    if ((0,build_config/* isRemote */.Vx)(config.context))
        return [];
    const { context, 'build-args': buildArgs, 'build-contexts': contexts = {}, 'no-cache': fresh = false } = config;
    return [{ context, dockerfile: dockerfileOf(config), target, platform, buildArgs, contexts, fresh }];
}
/** A target of bake files, wanted or what another is built on: its Dockerfile is relative to its context. */
function bakedUse(target, { config, platform }) {
    const { context, dockerfile, 'dockerfile-inline': inline, contexts = {} } = target;
    const args = Object.entries(target.args ?? {});
    if ((0,build_config/* isRemote */.Vx)(context))
        return [];
    return [
        {
            context,
            dockerfile: (0,external_node_path_.isAbsolute)(dockerfile) ? dockerfile : (0,external_node_path_.join)(context, dockerfile),
            ...(inline === undefined ? {} : { inline }),
            target: target.target,
            platform,
            buildArgs: Object.fromEntries(args.flatMap(([name, value]) => (value === null ? [] : [[name, value]]))),
            contexts,
            fresh: config['no-cache'] === true || target['no-cache'] === true,
        },
    ];
}

;// CONCATENATED MODULE: ./.build/src/pipeline/plan.js




















/**
 * What can be asked of a pipeline: `run` is all up to the gate, `cache` writes the caches of what was built without one,
 * the others are one stage with what it needs.
 */
const commands = (/* unused pure expression or super */ null && (['run', 'build', 'check', 'scan', 'test', 'push', 'cache']));
/**
 * Pure: the graph of a configuration at a revision. Nothing here looks at the host; event, fork and engine turn tasks
 * into `skipped` when they run. `pulls`: the hosts that its files pull from.
 * @throws UserError for what this version can't do yet.
 */
function planPipeline(config, facts, pulls = []) {
    const builder = builderTask(builderOf(config));
    const where = { builder, staging: stagingTask() };
    const entries = Object.entries(config.images);
    const all = entries.map(([name, image]) => plan_image_buildsOf(name, image, { config, facts }));
    const planned = all.flatMap(({ platforms: ships, tests }) => [...ships, ...(tests === undefined ? [] : [tests])]);
    const pushedTo = all.flatMap(({ metadata: { places } }) => places.map(({ registry }) => registry));
    const hosts = privateHosts(pulls, pushedTo);
    const pull = hosts.length === 0 ? undefined : pullTask({ hosts, section: config.login });
    const mounts = planMounts(config, { planned, where, pull });
    const builds = planBuilds(planned, {
        where: { ...where, ...(mounts === undefined ? {} : { mounts: mounts.restored }) },
        pull,
    });
    const shared = {
        builds,
        scanner: scannerTask(),
        services: pulling_pulling(servicesTask({ compose: config.compose, services: config.services }), pull),
    };
    const images = entries.map(([name, image]) => planImage(name, image, { config, facts, shared }));
    const files = entries.flatMap(([, image]) => (hasDockerfile(image) ? dockerfileOf(image.build) : []));
    const checks = [...checkTasks(config.checks), ...hadolintTasks(config.hadolint, files)];
    const source = config.scan.source ? [sourceScanTask(config.scan, shared.scanner)] : [];
    const units = images.flatMap(({ tests }) => (tests === undefined ? [] : [tests.unit]));
    const platforms = images.flatMap(image => image.platforms);
    const gate = gateTask(platforms, [...checks, ...source, ...units]);
    const beside = images.flatMap(image => planBeside(image, { builder: where.builder, builds }));
    const destinations = images.flatMap(({ metadata }) => metadata.places);
    const registries = [...new Set(destinations.map(({ registry }) => registry))];
    const wanted = { registries, section: config.login, destinations };
    const identity = identityTask(wanted);
    const pushOf = (cleared) => {
        const login = loginTask(wanted, { gate: cleared, identity });
        const placed = images.filter(({ metadata: { places } }) => places.length > 0);
        return [
            ...placed.map(image => planPush(image, { cleared, staged: image.staged, login })),
            ...cachesBeside(images, { builds, gate: cleared, login }),
        ];
    };
    const goals = {
        run: [
            gate,
            ...images.flatMap(({ staged, platforms: all }) => (all.some(({ image }) => image === staged) ? [] : [staged])),
            ...cachesAfter(gate, images, builds),
            ...beside,
            ...(mounts === undefined ? [] : [mounts.saveAfter(gate)]),
        ],
        build: [
            ...images.flatMap(({ config: { build }, staged }) => (build.call === undefined ? [staged] : [])),
            ...beside,
        ],
        check: checks,
        scan: [...source, ...platforms.flatMap(({ scan }) => scan)],
        test: images.flatMap(({ tests, platforms: all }) => [
            ...(tests === undefined ? [] : [tests.unit]),
            ...all.flatMap(({ judges, scan }) => judges.filter(judge => !scan.includes(judge))),
        ]),
        push: pushOf(gate),
        cache: [...cachesAtEnd(images, builds), ...(mounts === undefined ? [] : [mounts.saveAfter()])],
    };
    // What a step after the job does is no part of what was asked.
    const { cache: _, ...asked } = goals;
    const tasks = (0,order/* closureOf */.TQ)(Object.values(asked).flat());
    checkNames(tasks);
    const metadata = Object.fromEntries(images.map(image => [image.name, image.metadata]));
    return { hash: planHash(tasks), tasks, goals, pushBuilt: pushOf(unaskedGateTask(platforms)), metadata };
}
/** The request holds the rules, not the tags: those depend on the branch. */
const planPush = ({ name, metadata: { references, places }, config: { tags, flavor } }, needs) => pushTask(`push:${name}`, { name, references }, { name, places: places.map(tags_name/* renderName */.gU), tags, flavor }, needs);
/** One builder for all images: it is to do what any of them asks for. */
function builderOf({ builder, images }) {
    const all = Object.values(images);
    return {
        config: builder,
        needs: all.some(({ build }) => build.reproducible !== undefined) ? ['build.reproducible'] : [],
        allow: [...new Set(all.flatMap(({ build }) => build.allow ?? []))],
        platforms: [...new Set(all.flatMap(({ platforms }) => platforms))],
    };
}
/** What is done of an image besides: what BuildKit is asked about it, and its further outputs. */
function planBeside({ name, config: { build, image }, platforms, metadata }, { builder, builds }) {
    if (build.call !== undefined)
        return [callTask(`call:${name}`, { call: build.call, config: build }, builder)];
    const { tags, tagNames, places } = metadata;
    const given = places.length > 0 ? tags : tagNames.map(tag => `${image}:${tag}`);
    const references = given.length > 0 ? given : [`${image}:staged`];
    const made = platforms.map(one => one.image);
    return [
        ...platforms.flatMap(one => builds.outputsOf(`export:${name}${one.suffix}`, one, references)),
        ...(build.load === true ? [loadTask(`load:${name}`, references, made)] : []),
    ];
}
/** @throws UserError when two tasks have one name: an image called as a part of the source is */
function checkNames(tasks) {
    const names = tasks.map(({ id }) => id);
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice !== undefined)
        throw new errors/* UserError */.yo(`images: two tasks would be called ${twice}\nGive the image another name: images: { web: { image: … } }`);
}
/** The hash leaves out weights, deadlines and estimates: they say when, not what. */
const planHash = (tasks) => (0,task_task/* hashOf */.qQ)(tasks
    .map(({ id, kind, request, needs, judges }) => ({ id, kind, request, needs: ids(needs), judges: ids(judges) }))
    .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)));
const ids = (tasks) => tasks.map(({ id }) => id).sort();

// EXTERNAL MODULE: ./.build/src/run/close.js
var run_close = __webpack_require__(38529);
;// CONCATENATED MODULE: ./.build/src/run/source.js






/**
 * What the source is, as 16 hex digits: the commit's tree, the changes to its files, and (but on GitHub, where they are
 * what earlier steps made) the files that no commit has. The same digits: the same source, whatever its commit is
 * called. Empty where Git can't say; then sources are not told apart.
 */
async function source_readSource(context, env) {
    const git = await (0,run_git/* openGit */.z)(context, env);
    if (git === undefined)
        return '';
    const [tree, changes, others] = await Promise.all([
        git(['rev-parse', 'HEAD^{tree}']),
        git(['diff', '--binary', '--no-ext-diff', '--no-textconv', 'HEAD', '--', '.']),
        env.GITHUB_ACTIONS === 'true' ? '' : git(['ls-files', '--others', '--exclude-standard', '-z']),
    ]);
    if (tree === undefined || changes === undefined || others === undefined)
        return '';
    const hash = (0,external_node_crypto_.createHash)('sha256').update(`${tree}\0${changes}\0`);
    for (const name of others.split('\0').filter(Boolean)) {
        hash.update(`${name}\0`);
        hash.update(await hashOfFile((0,external_node_path_.join)(context, name)));
    }
    return hash.digest('hex').slice(0, 16);
}
async function hashOfFile(path) {
    const hash = (0,external_node_crypto_.createHash)('sha256');
    const state = await (0,promises_.lstat)(path).catch(() => undefined);
    if (state?.isSymbolicLink())
        hash.update(await (0,promises_.readlink)(path));
    // A file that can't be read, or went away meanwhile, is told by its name alone.
    else if (state?.isFile())
        await (0,external_node_stream_promises_.pipeline)((0,external_node_fs_.createReadStream)(path), hash).catch(() => { });
    return hash.digest('hex');
}

// EXTERNAL MODULE: ./.build/src/tags/python.js
var python = __webpack_require__(27407);
;// CONCATENATED MODULE: ./.build/src/perform.js























/**
 * Configuration, commit and plan of a repository; nothing is done yet. `built` is what the images of an open
 * run were made with, where there is one. @throws UserError for all that is wrong.
 */
async function prepare({ directory, file, overrides }, env, built) {
    const context = (0,external_node_path_.resolve)(directory);
    if (!(0,external_node_fs_.existsSync)(context))
        throw new errors/* UserError */.yo(`there is no folder ${context}`);
    const { config: loaded, notes } = await loadConfig({ directory: context, file, overrides });
    const config = await withBake(loaded, { env: (0,environment/* scrub */._)(env), cwd: context });
    const pulls = await observePulls(config, context);
    const now = await readFacts(context, env);
    const facts = built ?? now;
    await (0,python/* loadFor */.k)(Object.values(config.images).flatMap(({ tags }) => tags));
    const moved = facts.revision.commit === now.revision.commit ? [] : [movedOn(facts, now)];
    const plan = planPipeline(config, facts, pulls);
    checkPlanned(config, plan);
    return { config, facts, context, notes: [...notes, ...moved], plan };
}
const versionsOf = ({ metadata }) => Object.fromEntries(Object.entries(metadata).map(([name, { ownVersion }]) => [name, ownVersion]));
const movedOn = ({ revision: built }, { revision: now }) => `The image of this run is of commit ${built.commit.slice(0, 12)}, the checkout is at ${now.commit.slice(0, 12)}: pce build makes a new one`;
/**
 * Does what is asked: opens a run or joins the open one, performs the goals, and closes what it opened for itself.
 * @throws UserError before anything is started.
 */
async function perform_perform(request, around) {
    const { host, env, signal, masker } = around;
    const base = (0,run_run/* baseOf */.bx)((0,external_node_path_.resolve)(request.directory), env);
    const found = request.command === 'run' ? undefined : await (0,run_run/* findRun */.Lc)(base);
    const willPush = request.command === 'push' || request.push;
    const overrides = found === undefined ? request.overrides : await joinOverrides(found, { ...request, pushes: willPush });
    const source = await source_readSource((0,external_node_path_.resolve)(request.directory), env);
    const built = found === undefined ? undefined : await builtIn(found, request.command, source);
    const { config, plan, facts, context, notes } = await prepare({ ...request, overrides }, env, built);
    const goals = goalsOf(request, plan, config);
    // A rule that gives no tag is told now, not after all the work.
    if (willPush)
        checkPushed(plan, facts);
    const run = found ?? (await (0,run_run/* openRun */.Iy)(base, { shared: request.command !== 'run' }));
    if (found === undefined)
        around.opened(run);
    else
        await (0,run_run/* enter */.Ve)(run);
    await writeOverrides(run.directory, overrides);
    await writeBuiltFacts(run.directory, { ...facts, versions: versionsOf(plan) });
    const parts = request.command === 'run' ? [] : await partsOf(request.command, run, source);
    const given = givenFrom({ command: request.command, goals, parts, source });
    const note = (line) => host.show({ type: 'note', at: Date.now(), line });
    const tagNotes = willPush
        ? [...Object.values(plan.metadata).flatMap(one => one.notes), ...indexNotes(plan, config)]
        : [];
    for (const line of [...notes, ...new Set(tagNotes), `Plan ${plan.hash}, run ${run.id}`])
        note(line);
    const own = request.command === 'run';
    try {
        const session = {
            run,
            plan,
            revision: facts.revision,
            // What ships was made of the source of its build.
            source: request.command === 'push' ? (parts.find(({ task }) => task.startsWith('build:'))?.source ?? source) : source,
            heard: request.command === 'build' ? (0,record/* verdictsOf */.W5)(parts) : heardFrom(parts, plan),
            context,
            env,
            secrets: secretsIn(config),
            credentials: request.credentials,
            pullCredentials: request.pullCredentials,
            newmanWorker: around.newmanWorker,
            signal,
            masker,
            show: host.show.bind(host),
            mask: host.mask.bind(host),
        };
        const performed = await performPlan(session, goals, given);
        if (request.command === 'build' && performed.own.images.length > 0)
            await forgetOthers(run, performed.own.images);
        // A stage tells of itself; a push is the verdict over the whole run.
        await host.end(request.command === 'push' ? performed.record : performed.own);
        return { record: performed.record, run, plan, exitCode: exitCodeOf(performed.parts, signal.aborted) };
    }
    finally {
        await (0,run_close/* removeLogins */.TE)(run);
        if (own && !leavesClosingToPost(env, signal))
            await closeWithNotes(run, env, note);
    }
}
/** Variables with secrets, also those of bake targets that an image is only built on: no other program gets them. */
const secretsIn = ({ images }) => Object.values(images).flatMap(({ build, baked }) => [
    ...(0,build_secrets/* secretVariables */.c8)(build),
    ...Object.entries(baked?.targets ?? {}).flatMap(([name, target]) => (0,build_secrets/* secretVariables */.c8)(secretsOf(target, name, { secrets: [] }))),
]);
// GitHub gives 7.5 s after SIGINT and 2.5 s after SIGTERM: the record is written, and the post step closes the run.
const leavesClosingToPost = (env, signal) => env.GITHUB_ACTIONS === 'true' && signal.aborted;
async function closeWithNotes(run, env, note) {
    const left = await (0,run_close/* closeRun */.Ql)(run, { env: (0,environment/* scrub */._)(env) });
    for (const fault of left)
        note(`Not taken down, so try pce clean: ${fault}`);
}
/** Annotations that have no place: an image of one platform is pushed as it was built, without an index. */
const indexNotes = ({ metadata }, { images }) => Object.entries(metadata).flatMap(([name, { annotations }]) => images[name]?.platforms.length === 1 && Object.keys(annotations.index ?? {}).length > 0
    ? [
        `annotations of index: are left out of ${name}, since one platform has no index; manifest: puts them on the image`,
    ]
    : []);


/***/ }),

/***/ 29210:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Hc: () => (/* binding */ worthAfterFailure),
/* harmony export */   TQ: () => (/* binding */ closureOf),
/* harmony export */   _1: () => (/* binding */ remainingOf),
/* harmony export */   is: () => (/* binding */ waitsFor)
/* harmony export */ });
/** The tasks that a task waits for: values it takes and verdicts it judges. */
const waitsFor = (task) => [...task.needs, ...task.judges];
/** Goals with all that they wait for, needs first. A cycle can't be built: a task is made after its needs. */
function closureOf(goals) {
    const found = new Set();
    const visit = (task) => {
        if (found.has(task))
            return;
        waitsFor(task).forEach(visit);
        found.add(task);
    };
    goals.forEach(visit);
    return [...found];
}
/** For each task the ms from its start to the end of the longest chain that waits for it. */
function remainingOf(tasks) {
    const remaining = new Map();
    for (const task of [...tasks].reverse()) {
        const own = task.estimate + (remaining.get(task) ?? 0);
        remaining.set(task, own);
        for (const need of waitsFor(task))
            remaining.set(need, Math.max(remaining.get(need) ?? 0, own));
    }
    return remaining;
}
/**
 * What is still worth doing after a blocking failure: tasks that judge, what they wait for, and whoever weighs the
 * verdicts (the gate, to say why). Anything else would only serve an image that can't ship.
 */
function worthAfterFailure(unfinished) {
    return new Set(closureOf(unfinished.filter(({ kind, judges }) => kind !== 'work' || judges.length > 0)));
}


/***/ }),

/***/ 40625:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   j: () => (/* binding */ readEvent)
/* harmony export */ });
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(51455);
/* harmony import */ var zod__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(40104);


const text = zod__WEBPACK_IMPORTED_MODULE_1__/* .string */ .YjP().optional().catch(undefined);
/** A webhook's payload, as far as it is read here (docs.github.com, "Webhook events and payloads"). */
const payloadSchema = zod__WEBPACK_IMPORTED_MODULE_1__/* .looseObject */ ._H3({
    number: zod__WEBPACK_IMPORTED_MODULE_1__/* .number */ .aig().optional().catch(undefined),
    base_ref: text,
    repository: zod__WEBPACK_IMPORTED_MODULE_1__/* .looseObject */ ._H3({ default_branch: text }).optional().catch(undefined),
    pull_request: zod__WEBPACK_IMPORTED_MODULE_1__/* .looseObject */ ._H3({
        base: zod__WEBPACK_IMPORTED_MODULE_1__/* .looseObject */ ._H3({ ref: text }).optional().catch(undefined),
        head: zod__WEBPACK_IMPORTED_MODULE_1__/* .looseObject */ ._H3({ sha: text }).optional().catch(undefined),
    })
        .optional()
        .catch(undefined),
});
/** Reads the event of a job. A payload that is not there or not as it should be says nothing. */
async function readEvent(env) {
    if (env.GITHUB_ACTIONS !== 'true')
        return { name: '', base: '' };
    const { number, base_ref, repository, pull_request: request } = await payloadOf(env.GITHUB_EVENT_PATH);
    return {
        name: env.GITHUB_EVENT_NAME ?? '',
        number,
        base: env.GITHUB_BASE_REF || (request?.base?.ref ?? base_ref?.replace(/^refs\/heads\//, '') ?? ''),
        head: request?.head?.sha,
        defaultBranch: repository?.default_branch,
    };
}
async function payloadOf(path) {
    if (path === undefined || path === '')
        return {};
    const read = await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.readFile)(path, 'utf8')
        .then(content => payloadSchema.safeParse(JSON.parse(content)))
        .catch(() => undefined);
    return read?.data ?? {};
}


/***/ }),

/***/ 94901:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   z: () => (/* binding */ openGit)
/* harmony export */ });
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(73024);
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(51455);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(76760);
/* harmony import */ var execa__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(7427);
/* harmony import */ var _environment_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(61076);





/**
 * Git for a checkout, without rights; undefined where there is no program of that name, or no repository. A check may
 * have set up the repository so that Git runs programs (a monitor, hooks, filters, a signature's, a transport's): here
 * it runs none, but the filters of LFS and git-crypt, without which their files would look changed.
 */
async function openGit(context, env) {
    const top = await topOf(context);
    if (top === undefined && !env.GIT_DIR)
        return undefined;
    // A container's job runs as another user than the one who checked out: what Git fears there is switched off here.
    const safe = top === undefined ? [] : [['safe.directory', top]];
    const ask = (argv, settings) => (0,execa__WEBPACK_IMPORTED_MODULE_3__/* .execa */ .Ho)('git', [...quiet, ...argv], {
        cwd: context,
        env: environmentOf(env, settings),
        extendEnv: false,
        reject: false,
        stdin: 'ignore',
        maxBuffer: 1e9,
    });
    const list = await ask(['config', '--null', '--get-regexp', String.raw `^filter\..*\.(clean|process|required)$`], safe);
    if (list.code === 'ENOENT')
        return undefined;
    const settings = [...safe, ...withoutFilters(list.stdout)];
    return async (argv) => {
        const end = await ask(argv, settings);
        return end.exitCode === 0 ? end.stdout : undefined;
    };
}
const quiet = ['core.fsmonitor=false', 'core.hooksPath=/dev/null', 'log.showSignature=false'].flatMap(one => [
    '-c',
    one,
]);
/** The folder with `.git` that the checkout lies in. */
async function topOf(context) {
    const start = await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.realpath)(context).catch(() => context);
    for (let folder = start;; folder = (0,node_path__WEBPACK_IMPORTED_MODULE_2__.dirname)(folder)) {
        if ((0,node_fs__WEBPACK_IMPORTED_MODULE_0__.existsSync)((0,node_path__WEBPACK_IMPORTED_MODULE_2__.join)(folder, '.git')))
            return folder;
        if (folder === (0,node_path__WEBPACK_IMPORTED_MODULE_2__.dirname)(folder))
            return undefined;
    }
}
function environmentOf(env, settings) {
    const kept = (0,_environment_js__WEBPACK_IMPORTED_MODULE_4__/* .scrub */ ._)(env);
    const first = Number(kept.GIT_CONFIG_COUNT) || 0;
    const added = settings.flatMap(([key, value], n) => [
        [`GIT_CONFIG_KEY_${first + n}`, key],
        [`GIT_CONFIG_VALUE_${first + n}`, value],
    ]);
    return {
        ...kept,
        PATH: (kept.PATH ?? '').split(node_path__WEBPACK_IMPORTED_MODULE_2__.delimiter).filter(node_path__WEBPACK_IMPORTED_MODULE_2__.isAbsolute).join(node_path__WEBPACK_IMPORTED_MODULE_2__.delimiter),
        GIT_TERMINAL_PROMPT: '0',
        GIT_OPTIONAL_LOCKS: '0',
        // What a partial clone lacks is not fetched: that would run the repository's own transport.
        GIT_ALLOW_PROTOCOL: 'none',
        GIT_CONFIG_COUNT: String(first + settings.length),
        ...Object.fromEntries(added),
    };
}
const trusted = /^("?([\w/.-]*\/)?git-crypt"? clean( --key-name=[\w-]+)?|git-lfs (clean( -- %f)?|filter-process))$/;
/** Settings that switch filters off, from what `git config --null --get-regexp` wrote: `key\nvalue\0`. */
function withoutFilters(list) {
    const entries = list.split('\0').map(entry => entry.split('\n', 2));
    return entries.flatMap(([key = '', value = '']) => {
        if (key.endsWith('.required'))
            return isTrusted(key, entries) ? [] : [[key, 'false']];
        return key === '' || trusted.test(value) ? [] : [[key, '']];
    });
}
/** True when all programs of the filter that a `filter.<name>.required` is about are trusted. */
function isTrusted(required, entries) {
    const start = required.slice(0, -'required'.length);
    return entries
        .filter(([key]) => key === `${start}clean` || key === `${start}process`)
        .every(([, value = '']) => trusted.test(value));
}


/***/ }),

/***/ 57656:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   M: () => (/* binding */ readRevision)
/* harmony export */ });
/* harmony import */ var semver__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(62088);
/* harmony import */ var _event_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(40625);
/* harmony import */ var _git_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(94901);



/**
 * The revision of a checkout: GitHub's own words where they are about what is checked out, else Git's. Without Git or a
 * repository Git's are empty; where Git fails the checkout counts as changed, since nobody can say that it is not.
 */
async function readRevision(context, env) {
    const git = await (0,_git_js__WEBPACK_IMPORTED_MODULE_2__/* .openGit */ .z)(context, env);
    const { head, ref, dirty, time, prefix } = git === undefined ? none : await askGit(git, env);
    return {
        ...nameOf({ head, ref }, env, await (0,_event_js__WEBPACK_IMPORTED_MODULE_1__/* .readEvent */ .j)(env)),
        dirty,
        committed: time === '' ? '' : new Date(time).toISOString(),
        ...(prefix === '' ? {} : { prefix: prefix.replace(/\/$/, '') }),
    };
}
const none = { head: '', ref: '', dirty: false, time: '', prefix: '' };
async function askGit(git, env) {
    // On GitHub files that no commit has are what earlier steps made; on a laptop they may be source.
    const untracked = env.GITHUB_ACTIONS === 'true' ? 'no' : 'normal';
    const [head = '', branch = '', status, time = '', prefix = ''] = await Promise.all([
        git(['rev-parse', '--verify', '--quiet', 'HEAD']),
        git(['symbolic-ref', '--quiet', 'HEAD']),
        git(['status', '--porcelain', '--no-renames', `--untracked-files=${untracked}`, '.']),
        git(['show', '--no-patch', '--format=%cI', 'HEAD']),
        git(['rev-parse', '--show-prefix']),
    ]);
    const dirty = status !== '';
    // A changed checkout is not the release that its commit is.
    const ref = branch !== '' || dirty ? branch : await detachedAt(git);
    return { head, ref, dirty, time, prefix };
}
/** What a detached checkout is of: a pull request that was fetched, or the tag there, of several the highest version. */
async function detachedAt(git) {
    const list = await git(['for-each-ref', '--points-at=HEAD', '--format=%(refname)', 'refs/tags', 'refs/remotes/pull']);
    const refs = (list ?? '').split('\n').filter(Boolean);
    const pull = refs.find(ref => /^refs\/remotes\/pull\/\d+\/merge$/.test(ref));
    if (pull !== undefined)
        return pull.replace('refs/remotes/', 'refs/');
    const tags = refs.map(ref => ref.replace('refs/tags/', ''));
    const [highest] = tags.filter(tag => semver__WEBPACK_IMPORTED_MODULE_0__.valid(tag)).sort(semver__WEBPACK_IMPORTED_MODULE_0__.rcompare);
    const tag = highest ?? (tags.length === 1 ? tags[0] : undefined);
    return tag === undefined ? '' : `refs/tags/${tag}`;
}
/**
 * GITHUB_SHA and GITHUB_REF are those of the event. After `workflow_run`, or with a `ref` for actions/checkout, another
 * commit may be checked out: that one must not get the tags of the event's branch. Nor may what runs for a pull request
 * take them: `pull_request_target` says the ref of the base branch.
 */
function nameOf({ head, ref }, env, event) {
    if (env.GITHUB_ACTIONS !== 'true')
        return { commit: head, ref };
    const commit = env.GITHUB_SHA || head;
    const pull = event.name === 'pull_request_target' && event.number !== undefined;
    const own = pull ? `refs/pull/${event.number}/merge` : undefined;
    return head === '' || head === commit
        ? { commit, ref: own ?? (env.GITHUB_REF || ref) }
        : { commit: head, ref: own ?? ref };
}


/***/ }),

/***/ 10879:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  Nk: () => (/* binding */ metadataOf),
  YS: () => (/* binding */ renderBakeFile),
  hF: () => (/* binding */ renderJson),
  Wj: () => (/* binding */ renderReference)
});

// EXTERNAL MODULE: ./.build/src/errors.js
var errors = __webpack_require__(36624);
// EXTERNAL MODULE: ./.build/src/tags/annotations.js
var tags_annotations = __webpack_require__(99275);
// EXTERNAL MODULE: ./node_modules/handlebars/lib/index.js
var lib = __webpack_require__(88508);
// EXTERNAL MODULE: ./node_modules/dayjs/dayjs.min.js
var dayjs_min = __webpack_require__(3706);
// EXTERNAL MODULE: ./node_modules/dayjs/plugin/advancedFormat.js
var advancedFormat = __webpack_require__(55440);
// EXTERNAL MODULE: ./node_modules/dayjs/plugin/dayOfYear.js
var dayOfYear = __webpack_require__(11919);
// EXTERNAL MODULE: ./node_modules/dayjs/plugin/isoWeek.js
var isoWeek = __webpack_require__(59072);
// EXTERNAL MODULE: ./node_modules/dayjs/plugin/localizedFormat.js
var localizedFormat = __webpack_require__(20431);
// EXTERNAL MODULE: ./node_modules/dayjs/plugin/timezone.js
var timezone = __webpack_require__(57818);
// EXTERNAL MODULE: ./node_modules/dayjs/plugin/utc.js
var utc = __webpack_require__(85279);
// EXTERNAL MODULE: ./node_modules/dayjs/plugin/weekOfYear.js
var weekOfYear = __webpack_require__(17282);
// EXTERNAL MODULE: ./node_modules/dayjs/plugin/weekYear.js
var weekYear = __webpack_require__(28880);
;// CONCATENATED MODULE: ./.build/src/tags/date.js










for (const plugin of [utc, timezone, weekOfYear, weekYear, isoWeek, dayOfYear, advancedFormat, localizedFormat])
    dayjs_min.extend(plugin);
/**
 * Pure: a time (ISO 8601) in the words of a format of moment's (momentjs.com/docs, "Format"), in English.
 * @throws UserError for a time zone that is none
 */
function formatDate(time, format, zone) {
    const moment = inZone(time, zone);
    return moment.format(format.replaceAll(/\[[^\]]*\]|DDDD|DDD|Mo|E/g, token => `[${lacking(token, moment) ?? token}]`));
}
/** Tokens of moment's that dayjs does not know; text in brackets stays what it is. */
function lacking(token, moment) {
    if (token === 'DDDD')
        return String(moment.dayOfYear()).padStart(3, '0');
    if (token === 'DDD')
        return String(moment.dayOfYear());
    if (token === 'E')
        return String(moment.isoWeekday());
    if (token === 'Mo')
        return ordinal(moment.month() + 1);
    return token.slice(1, -1);
}
const ordinal = (n) => `${n}${['th', 'st', 'nd', 'rd'][n > 3 && n < 21 ? 0 : n % 10] ?? 'th'}`;
function inZone(time, zone) {
    try {
        return dayjs_min.utc(time).tz(zone);
    }
    catch (cause) {
        throw new errors/* UserError */.yo(`tags: there is no time zone ${zone}; one is called Europe/Berlin, another UTC`, { cause });
    }
}

;// CONCATENATED MODULE: ./.build/src/tags/expression.js



/**
 * Only what fills in a value, or leaves it out: Handlebars' `log` would write to standard output, where a runner takes
 * `::set-output …` for a command of this action, and loops and partials could work without end.
 */
const handlebars = lib.create();
for (const helper of ['log', 'each', 'with'])
    handlebars.unregisterHelper(helper);
handlebars.unregisterDecorator('inline');
/**
 * Pure: fills in `{{branch}}`, `{{date 'YYYYMMDD' tz='UTC'}}` and their like, and whatever `more` names.
 * @throws UserError for text that is no template, and for an expression that there is none of
 */
function expand(text, facts, more = {}) {
    if (!text.includes('{{'))
        return { text, uses: new Set() };
    const uses = new Set();
    const values = { ...valuesOf(facts), ...more };
    const noted = Object.defineProperties(
    // No names but ours: `{{constructor}}` is as unknown as any other.
    Object.create(null), Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { enumerable: true, get: noting(name, value, uses) }])));
    const helpers = {
        date: dateHelper('date', facts.now, uses),
        commit_date: dateHelper('commit_date', facts.revision.committed || facts.now, uses),
    };
    try {
        // Without `noEscape` a branch called a&b would be a&amp;b.
        return { text: handlebars.compile(text, { noEscape: true, strict: true })(noted, { helpers }), uses };
    }
    catch (cause) {
        if (cause instanceof errors/* UserError */.yo)
            throw cause;
        const known = [...Object.keys(values), ...Object.keys(helpers)].join(', ');
        throw new errors/* UserError */.yo(`tags: ${text} can't be filled in\nExpressions are {{…}} with one of ${known}`, { cause });
    }
}
const noting = (name, value, uses) => () => {
    uses.add(name);
    return value;
};
/** `{{date 'YYYYMMDD' tz='Asia/Tokyo'}}` */
const dateHelper = (name, time, uses) => (...given) => {
    const { hash } = given.at(-1);
    const unknown = Object.keys(hash).find(key => key !== 'tz');
    if (unknown !== undefined)
        throw new errors/* UserError */.yo(`tags: {{${name}}} takes tz='…', not ${unknown}`);
    const [format] = given.length > 1 ? given : ['YYYY-MM-DDTHH:mm:ss[Z]'];
    uses.add(name);
    return formatDate(time, String(format), String(hash.tz ?? 'UTC'));
};
function valuesOf(facts) {
    const branch = branchOf(facts);
    const isDefault = branch !== '' && branch === facts.defaultBranch;
    return {
        branch,
        tag: tagOf(facts),
        sha: shortSha(facts),
        base_ref: facts.base,
        is_default_branch: String(isDefault),
        is_not_default_branch: String(!isDefault),
    };
}
const nameIn = ({ revision }, kind) => revision.ref.startsWith(`refs/${kind}/`) ? revision.ref.slice(`refs/${kind}/`.length) : '';
/** The branch that is built; empty for anything else. */
const branchOf = (facts) => nameIn(facts, 'heads');
/** The tag of Git that is built; empty for anything else. */
const tagOf = (facts) => nameIn(facts, 'tags');
/** The number of the pull request that is built; empty for anything else. */
const pullOf = (facts) => nameIn(facts, 'pull').split('/', 1)[0] ?? '';
// A changed checkout is not what the commit says: its image must not carry the commit's name.
const dirt = ({ revision }) => (revision.dirty ? '-dirty' : '');
/** A commit as a tag names it; empty where there is none. */
const shortSha = (facts) => facts.sha === '' ? '' : `${facts.sha.slice(0, facts.shortSha)}${dirt(facts)}`;
const longSha = (facts) => (facts.sha === '' ? '' : `${facts.sha}${dirt(facts)}`);

// EXTERNAL MODULE: ./.build/src/tags/flavor.js
var tags_flavor = __webpack_require__(74837);
// EXTERNAL MODULE: ./node_modules/semver/index.js
var semver = __webpack_require__(62088);
// EXTERNAL MODULE: ./.build/src/tags/match.js
var match = __webpack_require__(33292);
// EXTERNAL MODULE: ./.build/src/tags/python.js
var python = __webpack_require__(27407);
;// CONCATENATED MODULE: ./.build/src/tags/value.js




const plain = (text, moves) => (text === '' ? undefined : { text, moves, uses: new Set() });
/** Pure: the value of a rule at a revision; undefined where the rule is about something else. */
function findValue(rule, facts) {
    switch (rule.type) {
        case 'schedule':
            return facts.event === 'schedule' ? { ...expand(rule.pattern, facts), moves: true } : undefined;
        case 'sha':
            return plain(rule.format === 'long' ? longSha(facts) : shortSha(facts), false);
        case 'edge':
            return branchOf(facts) !== '' && branchOf(facts) === (rule.branch || facts.defaultBranch)
                ? plain('edge', true)
                : undefined;
        case 'ref':
            return refOf(rule.event, facts);
        case 'raw':
        case 'reference':
            return rawOf(rule, facts);
        case 'match':
            return matchOf(rule, facts);
        default:
            return versionOf(rule, facts);
    }
}
function refOf(event, facts) {
    if (event === 'branch')
        return plain(branchOf(facts), true);
    return event === 'tag' ? plain(tagOf(facts), false) : plain(pullOf(facts), true);
}
function rawOf({ text: written, value }, facts) {
    const { text, uses } = expand(value, facts);
    return text === '' ? { note: `${written} has no value` } : { text, uses, moves: !uses.has('sha') };
}
/** What a rule about versions reads: a value of its own, or the tag of Git. */
const subjectOf = ({ value }, facts) => value === '' ? tagOf(facts) : expand(value, facts).text;
function matchOf(rule, facts) {
    const subject = subjectOf(rule, facts);
    if (subject === '')
        return undefined;
    const found = (0,match/* matched */.j)(subject, rule.pattern, rule.group);
    if (found === undefined)
        return { note: `${rule.text} finds nothing in ${subject}` };
    return plain(found.text, found.text !== subject.slice(found.before.length) || !/^v?$/i.test(found.before));
}
function versionOf(rule, facts) {
    const subject = subjectOf(rule, facts);
    if (subject === '')
        return undefined;
    const found = rule.match === '' ? { text: subject } : (0,match/* matched */.j)(subject, rule.match);
    if (found === undefined)
        return { note: `${rule.text} finds nothing in ${subject}` };
    const text = found.text.replaceAll('/', '-');
    const fields = rule.type === 'semver' ? semverFields(text) : pep440Fields(text);
    if (fields === undefined)
        return { note: `${subject} is no version, so ${rule.text} gives no tag` };
    return filled(rule, fields, facts);
}
function filled({ text, pattern }, { values, provisional }, facts) {
    // A pre-release is not yet what 1.2 and 1 promise (semver.org, item 9): it is only itself.
    if (provisional && !/^\{\{\s*raw\s*\}\}$/.test(pattern))
        return plain(values.version ?? '', false);
    const { text: tag, uses } = expand(pattern, facts, values);
    const isWhole = uses.has('version') || uses.has('raw') || ['major', 'minor', 'patch'].every(part => uses.has(part));
    // Before 1.0.0 anything may change at any time (item 4): a tag 0 would promise what nobody keeps.
    if (values.major === '0' && uses.has('major') && !isWhole && !uses.has('minor'))
        return { note: `${text} gives no tag before version 1, where nothing is promised` };
    return { text: tag, uses, moves: !isWhole };
}
function semverFields(text) {
    const version = semver.parse(text);
    if (version === null)
        return undefined;
    return {
        values: {
            raw: version.raw,
            version: version.version,
            major: String(version.major),
            minor: String(version.minor),
            patch: String(version.patch),
            prerelease: version.prerelease.join('.'),
            build: version.build.join('.'),
        },
        provisional: version.prerelease.length > 0,
    };
}
function pep440Fields(text) {
    const found = (0,python/* parsePython */.w)(text);
    if (found === undefined)
        return undefined;
    const { version, release, provisional } = found;
    const [major = '0', minor = '0', patch = '0'] = release.map(String);
    return { values: { raw: text, version, major, minor, patch }, provisional };
}

;// CONCATENATED MODULE: ./.build/src/tags/generate.js




/**
 * Pure: the tag of a rule; a note where somebody may wonder why there is none, undefined where the rule is about
 * something else. @throws UserError for an expression that gives nothing of use
 */
function generate(rule, flavor, facts) {
    if (!isEnabled(rule, facts))
        return undefined;
    const value = findValue(rule, facts);
    if (value === undefined || 'note' in value)
        return value;
    const prefix = expand(rule.prefix ?? flavor.prefix, facts);
    const suffix = expand(rule.suffix ?? flavor.suffix, facts);
    const tag = composeTag(prefix.text, value.text, suffix.text);
    if (tag === '')
        return { note: `${value.text} has no character that a tag may have` };
    // A branch must not take the name of a release, a commit or a pull request, which others trust.
    if (rule.type === 'ref' && rule.event === 'branch' && isReserved(tag))
        return { note: `the branch ${value.text} gets no tag: its name is that of a release, a commit or a pull request` };
    const uses = new Set([...value.uses, ...prefix.uses, ...suffix.uses]);
    const moves = value.moves && !uses.has('sha');
    return { rule, tag, moves, timeless: rule.type !== 'schedule' && !uses.has('date') };
}
function isEnabled({ enable, text }, facts) {
    const answer = expand(enable, facts).text;
    if (answer === 'true' || answer === 'false')
        return answer === 'true';
    throw new errors/* UserError */.yo(`tags: ${text}: enable is ${JSON.stringify(answer)}, expected true or false`);
}
const isReserved = (tag) => /^(sha-[0-9a-f]+.*|pr-\d+|latest)$/.test(tag) || generate_python.test(tag) || semver.valid(tag) !== null;
/** A release by PEP 440, and with it all that are only numbers. */
const generate_python = /^v?(\d+!)?\d+(\.\d+)*([-_.]?(a|b|c|rc|alpha|beta|pre|preview|dev|post|rev|r)[-_.]?\d*){0,3}$/i;
/** Of a value that is too long the end goes, and not the suffix: that tells two images apart. */
const composeTag = (prefix, value, suffix) => sanitised(`${prefix}${value.slice(0, Math.max(0, 128 - prefix.length - suffix.length))}${suffix}`);
/** A tag is `[A-Za-z0-9_][A-Za-z0-9._-]{0,127}` (OCI distribution-spec, "Pulling manifests"). */
const sanitised = (text) => text
    .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[.-]+/, '')
    .slice(0, 128);

;// CONCATENATED MODULE: ./.build/src/tags/latest.js





/**
 * Pure: the release that a tag of Git is to a rule; undefined for a pre-release, for what is no version, and for a rule
 * that is not about versions.
 */
function releaseOf(rule, tag) {
    if (rule.type === 'ref' && rule.event === 'tag')
        return anyRelease(tag);
    if (rule.type === 'match') {
        const found = (0,match/* matched */.j)(tag, rule.pattern, rule.group);
        const release = found === undefined ? undefined : anyRelease(found.text);
        return release && found && { ...release, line: lineOf(found.before) + release.line };
    }
    if (rule.type !== 'semver' && rule.type !== 'pep440')
        return undefined;
    const found = rule.match === '' ? { text: tag, before: '' } : (0,match/* matched */.j)(tag, rule.match);
    const order = found === undefined ? undefined : orderOf(rule.type, found.text.replaceAll('/', '-'));
    return order && found && { line: lineOf(found.before), order };
}
/**
 * Pure: whether the release that a rule tags is the highest of its line among the tags of Git. Where those are not all
 * known it counts as the highest, as most releases are; the note says what would make it certain.
 */
function latestOf(rule, facts) {
    const subject = 'value' in rule ? subjectOf(rule, facts) : tagOf(facts);
    const release = releaseOf(rule, subject);
    if (release === undefined)
        return { due: false };
    const higher = facts.tags.find(tag => isHigher(releaseOf(rule, tag), release));
    if (higher !== undefined)
        return { due: false, note: `latest stays where it is: ${higher} is higher than ${subject}` };
    return facts.tagsComplete ? { due: true } : { due: true, note: `latest goes to ${subject}: ${unknown}` };
}
const unknown = 'this checkout does not have the tags of other releases, so nobody can say whether one is higher (actions/checkout: fetch-tags: true)';
const isHigher = (other, than) => other !== undefined && other.line === than.line && compare(other.order, than.order) > 0;
const compare = (a, b) => Array.from({ length: Math.max(a.length, b.length) }, (_, n) => (a[n] ?? 0) - (b[n] ?? 0)).find(Boolean) ?? 0;
const lineOf = (before) => before.replace(/v$/i, '');
function orderOf(type, text) {
    if (type === 'semver') {
        const version = semver.parse(text);
        return version === null || version.prerelease.length > 0 ? undefined : [version.major, version.minor, version.patch];
    }
    const version = (0,python/* parsePython */.w)(text);
    return version === undefined || version.provisional ? undefined : [version.epoch, ...version.release];
}
const whole = /^(.*?)v?(\d+)\.(\d+)\.(\d+)([-+].*)?$/i;
const loose = /^(|.*?[^\d.])v?(\d+)(?:\.(\d+))?(?:\.(\d+))?([-+].*)?$/i;
function anyRelease(text) {
    const [, line = '', major, minor = '0', patch = '0', rest = ''] = whole.exec(text) ?? loose.exec(text) ?? [];
    if (major === undefined || rest.startsWith('-'))
        return undefined;
    return { line, order: [Number(major), Number(minor), Number(patch)] };
}

// EXTERNAL MODULE: ./.build/src/tags/name.js
var tags_name = __webpack_require__(7334);
// EXTERNAL MODULE: ./.build/src/tags/rule.js
var rule = __webpack_require__(52991);
;// CONCATENATED MODULE: ./.build/src/tags/metadata.js








/**
 * Pure: tags, labels and annotations of an image, by the rules of docker/metadata-action (README, v6).
 * @throws UserError for a rule or an expression that can't be read
 */
function metadataOf(wish, facts) {
    const flavor = orThrow('flavor', (0,tags_flavor/* parseFlavor */.w)(wish.flavor));
    const rules = wish.tags.flatMap(tag => orThrow('tags', (0,rule/* parseRules */.N)(tag))).sort((a, b) => b.priority - a.priority);
    const made = rules.map(rule => generate(rule, flavor, facts));
    const tags = made.flatMap(one => (one === undefined || 'note' in one ? [] : [one]));
    const latest = decideLatest(tags, flavor, facts);
    const all = [...tags, ...latest.tags];
    const tagNames = unique(all.map(({ tag }) => tag));
    const places = placesOf(wish.names, rules);
    const ownVersion = wish.version ?? tags.find(({ timeless }) => timeless)?.tag ?? '';
    const own = describe(ownVersion, facts);
    return {
        version: tags[0]?.tag ?? '',
        tags: places.length === 0 ? tagNames : unique(tagged(wish.names, all).map(renderReference)),
        tagNames,
        places,
        references: inOrder(wish.names, all),
        ownVersion,
        labels: sorted({ ...own, ...expandAll(wish.labels, facts) }),
        annotations: annotationsOf(wish, own, facts),
        notes: unique([
            ...made.flatMap(one => (one !== undefined && 'note' in one ? [one.note] : [])),
            ...latest.notes,
            ...(facts.revision.dirty && tagNames.some(tag => tag.includes('-dirty')) ? [dirtyNote] : []),
        ]),
    };
}
const dirtyNote = 'the checkout differs from its commit (git status tells how), so what is named after the commit ends in -dirty; a file that a step writes belongs into .gitignore';
function orThrow(key, read) {
    if ('fault' in read)
        throw new errors/* UserError */.yo(`${key}: expected ${read.fault}`);
    return read;
}
function decideLatest(tags, flavor, facts) {
    const mine = tags.filter(({ rule }) => rule.type !== 'reference');
    const found = flavor.latest === 'auto' ? mine.map(({ rule }) => latestOf(rule, facts)) : [];
    const due = found.find(one => one.due);
    const isDue = flavor.latest === 'true' ? mine.length > 0 : due !== undefined;
    const notes = (due === undefined ? found : [due]).flatMap(({ note }) => note ?? []);
    if (!isDue)
        return { tags: [], notes };
    const prefix = flavor.prefixOnLatest ? expand(flavor.prefix, facts).text : '';
    const suffix = flavor.suffixOnLatest ? expand(flavor.suffix, facts).text : '';
    return { tags: [{ tag: composeTag(prefix, 'latest', suffix), moves: true }], notes };
}
/** Each tag in each place that it goes to: a full reference has its own. */
const tagged = (names, tags) => [
    ...names.flatMap(name => tags.filter(isShared).map(({ tag, moves }) => ({ ...name, tag, moves }))),
    ...tags.flatMap(({ rule, tag, moves }) => (rule?.type === 'reference' ? [{ ...rule.name, tag, moves }] : [])),
];
const placesOf = (names, rules) => {
    const named = rules.flatMap(rule => (rule.type === 'reference' ? [rule.name] : []));
    return [...new Map([...names, ...named].map(name => [(0,tags_name/* renderName */.gU)(name), name])).values()];
};
const isShared = ({ rule }) => rule?.type !== 'reference';
/** Pure: `ghcr.io/acme/web:1.2` */
const renderReference = (reference) => `${(0,tags_name/* renderName */.gU)(reference)}:${reference.tag}`;
/** Those that stay first, so that a moving tag never points at something that has no fixed name yet. */
function inOrder(names, tags) {
    const all = tagged(names, tags);
    const places = unique(all.map(tags_name/* renderName */.gU));
    const ordered = places.flatMap(place => {
        const here = all.filter(one => (0,tags_name/* renderName */.gU)(one) === place);
        return [...here.filter(({ moves }) => !moves), ...here.filter(({ moves }) => moves)];
    });
    const byName = Map.groupBy(ordered, renderReference);
    return [...byName.values()].flatMap(([first]) => first === undefined ? [] : [{ registry: first.registry, repository: first.repository, tag: first.tag }]);
}
const unique = (items) => [...new Set(items)];
const oci = 'org.opencontainers.image';
/**
 * What the image says of itself (OCI image-spec, annotations.md): the same for the same commit, whenever and wherever it
 * is built, or the same source would not give the same image.
 */
function describe(version, { repository, revision, sha }) {
    const commit = sha === '' ? '' : `${sha}${revision.dirty ? '-dirty' : ''}`;
    const known = {
        [`${oci}.title`]: repository?.name,
        [`${oci}.url`]: repository?.url,
        [`${oci}.source`]: repository?.url,
        [`${oci}.version`]: version,
        [`${oci}.created`]: revision.committed,
        [`${oci}.revision`]: commit,
    };
    return Object.fromEntries(Object.entries(known).filter((entry) => entry[1] !== undefined && entry[1] !== ''));
}
const expandAll = (values, facts) => Object.fromEntries(Object.entries(values).map(([key, value]) => [key, expandIn('labels', value, facts)]));
/** Text of another key than `tags`. @throws UserError that names it */
function expandIn(key, text, facts) {
    try {
        return expand(text, facts).text;
    }
    catch (error) {
        if (!(error instanceof errors/* UserError */.yo))
            throw error;
        throw new errors/* UserError */.yo(error.message.replace(/^tags: /, `${key}: `), { cause: error });
    }
}
const sorted = (values) => Object.fromEntries(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1)));
/** Those that are asked for, with what the image says of itself beside them; none where none is asked for. */
function annotationsOf({ annotations }, own, facts) {
    if (annotations.length === 0)
        return {};
    const usual = (0,tags_annotations/* checkLevels */.uq)(facts.levels);
    const all = Object.fromEntries(usual.map(level => [level, { ...own }]));
    for (const text of annotations) {
        const { levels, key, value } = orThrow('annotations', (0,tags_annotations/* parseAnnotation */.fr)(text));
        for (const level of levels.length > 0 ? levels : usual)
            all[level] = { ...all[level], [key]: expandIn('annotations', value, facts) };
    }
    return sorted(Object.fromEntries(Object.entries(all).map(([level, values]) => [level, sorted(values)])));
}
/** Pure: the `json` output: what metadata-action's has. */
const renderJson = ({ tags, tagNames, labels, annotations }) => ({
    tags,
    'tag-names': tagNames,
    labels,
    annotations: (0,tags_annotations/* renderAnnotations */.Hp)(annotations),
});
/** Pure: a bake file whose target others inherit from (docker/metadata-action, README, "Bake definition"). */
function renderBakeFile({ tags, labels, annotations, version, places }) {
    const lines = (0,tags_annotations/* renderAnnotations */.Hp)(annotations);
    return {
        target: {
            'docker-metadata-action': {
                tags,
                labels,
                ...(lines.length === 0 ? {} : { annotations: lines }),
                args: { DOCKER_META_IMAGES: places.map(tags_name/* renderName */.gU).join(','), DOCKER_META_VERSION: version },
            },
        },
    };
}


/***/ }),

/***/ 27407:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   k: () => (/* binding */ loadFor),
/* harmony export */   w: () => (/* binding */ parsePython)
/* harmony export */ });
let library;
/**
 * Loads what reads versions of Python, where one of these rules asks for it: half of all that a tag needs, and few do.
 * To be called before such a rule is used.
 */
async function loadFor(rules) {
    if (library === undefined && rules.some(rule => /type=pep440/i.test(rule)))
        library = await __webpack_require__.e(/* import() */ 518).then(__webpack_require__.t.bind(__webpack_require__, 25518, 19));
}
/** Pure: reads a version; undefined for what is none. */
function parsePython(text) {
    if (library === undefined)
        throw new Error('loadFor was not called for type=pep440');
    const version = library.valid(text) === null ? null : library.explain(text);
    if (version === null)
        return undefined;
    const { epoch, release, is_prerelease: pre, is_devrelease: dev, is_postrelease: post } = version;
    return { version: library.clean(text) ?? text, epoch, release, provisional: pre || dev || post };
}


/***/ })

};
