export const id = 964;
export const ids = [964];
export const modules = {

/***/ 46132:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   D_: () => (/* binding */ pointers),
/* harmony export */   ES: () => (/* binding */ exported),
/* harmony export */   Ei: () => (/* binding */ regions)
/* harmony export */ });
/** Variables that a login changes for later steps; the post step gives them back. */
const pointers = ['DOCKER_CONFIG', 'BUILDX_CONFIG'];
/** Variables that say where AWS is asked; the post step gives them back. */
const regions = ['AWS_REGION', 'AWS_DEFAULT_REGION'];
/** Variables that export-credentials sets. */
const exported = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', ...regions];


/***/ }),

/***/ 1270:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   B: () => (/* binding */ cancelSignal),
/* harmony export */   H: () => (/* binding */ isTrue)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(36624);
/* harmony import */ var _pipeline_perform_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(79583);


/** A boolean input. @throws UserError */
function isTrue(name, host) {
    const text = host.read(name)?.toLowerCase() ?? 'false';
    if (text !== 'true' && text !== 'false')
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .UserError */ .yo(`input ${name}: found "${text}", expected true or false`);
    return text === 'true';
}
/** Aborted when the runner cancels the step: SIGINT, then SIGTERM 7.5 s later (actions/runner, ProcessInvoker). */
function cancelSignal() {
    const control = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM']) {
        process.on(signal, () => control.abort(new _pipeline_perform_js__WEBPACK_IMPORTED_MODULE_0__/* .Cancelled */ .cJ(`cancelled by ${signal}`)));
    }
    return control.signal;
}


/***/ }),

/***/ 67365:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  performLoginAction: () => (/* binding */ performLoginAction)
});

// EXTERNAL MODULE: ./node_modules/zod/v4/core/json-schema-processors.js
var json_schema_processors = __webpack_require__(98439);
// EXTERNAL MODULE: ./.build/src/login/config.js
var config = __webpack_require__(85091);
// EXTERNAL MODULE: ./.build/src/config/parse-text.js
var parse_text = __webpack_require__(60649);
;// CONCATENATED MODULE: ./.build/src/config/login-inputs.js



/**
 * The inputs of the login action, read without the configuration of a pipeline: a login is asked for in the first
 * moments of a job, and that takes long to load. @throws UserError with everything that is wrong; no value of a secret
 * is in it.
 */
async function loginOf(inputs) {
    const { read } = inputs;
    const registries = read('registries');
    const given = {
        registries: registries === undefined ? undefined : (0,parse_text/* splitList */.K)(registries),
        username: read('username'),
        password: read('password'),
        'export-credentials': read('export-credentials')?.toLowerCase(),
        section: sectionOf(inputs),
    };
    const parsed = config/* loginConfigSchema */.DC.safeParse(given);
    if (parsed.success)
        return parsed.data;
    const { explainLogin } = await Promise.all(/* import() */[__webpack_require__.e(112), __webpack_require__.e(276)]).then(__webpack_require__.bind(__webpack_require__, 17397));
    throw explainLogin(given, inputs);
}
const { shape } = config/* loginSectionSchema */.ub;
/** Keys of the `login` section that are inputs: no repository is made by the action. */
const keys = Object.keys(shape).filter((key) => key !== 'create-repository');
const sectionOf = ({ read }) => Object.fromEntries(keys.flatMap(key => {
    const text = read(key);
    return text === undefined ? [] : [[key, orText((0,parse_text/* parseText */.r)(text, shapeOf(key), asText), text)]];
}));
const shapeOf = (key) => json_schema_processors/* toJSONSchema */.bl(shape[key], { io: 'input', target: 'draft-7' });
const asText = (value) => ({ value });
// Text that can't be read is not what the schema wants either, which then says what it does want.
const orText = (parsed, text) => ('value' in parsed ? parsed.value : text);

// EXTERNAL MODULE: ./.build/src/errors.js
var errors = __webpack_require__(36624);
// EXTERNAL MODULE: ./.build/src/github/job.js
var job = __webpack_require__(78172);
// EXTERNAL MODULE: ./.build/src/aws/failure.js
var failure = __webpack_require__(59239);
// EXTERNAL MODULE: ./.build/src/program/get.js
var get = __webpack_require__(48180);
;// CONCATENATED MODULE: ./.build/src/login/check-password.js


/**
 * Asks a registry whether it takes a user name and password, as `docker login` does: GET /v2/, then what its challenge
 * names (distribution-spec, docs of Distribution: "Token authentication specification"). Two calls, each once.
 */
async function checkPassword(host, { username, password }, { env, signal, limit = 10_000 }) {
    const asking = { env, signal: AbortSignal.any([signal, AbortSignal.timeout(limit)]) };
    const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    const root = new URL(`${isLoopback(host) ? 'http' : 'https'}://${serverOf(host)}/v2/`);
    try {
        const first = await (0,get/* get */.J)(root, { headers: {}, ...asking });
        if (first.status !== 401)
            return first.status === 200 ? { is: 'accepted' } : unexpected(root, first.status);
        const place = placeOf(first.headers['www-authenticate'] ?? '', root, username);
        if (place === undefined)
            return { is: 'unknown', why: 'it asks for a kind of login that is not known here' };
        const { status, text } = await (0,get/* get */.J)(place, { headers: { authorization }, ...asking });
        if (status === 200)
            return { is: 'accepted' };
        // ECR's word for a password that is none of its tokens is 400.
        const isRefused = status === 401 || status === 403 || (status === 400 && place === root);
        return isRefused ? { is: 'refused', why: reasonIn(text, status) } : unexpected(place, status);
    }
    catch (error) {
        signal.throwIfAborted();
        if (asking.signal.aborted)
            return { is: 'unknown', why: `no whole answer within ${limit / 1000} s` };
        const { message, code } = (0,failure/* failureOf */.g5)(error);
        return { is: 'unknown', why: `${message}${code === undefined || message.includes(code) ? '' : ` (${code})`}` };
    }
}
const unexpected = ({ host }, status) => ({
    is: 'unknown',
    why: `${host} answered HTTP ${status}`,
});
// Docker Hub's registry is not where its name says (docker/cli, cli/registry: DefaultV2Registry).
const serverOf = (host) => (host === 'docker.io' ? 'registry-1.docker.io' : host);
/** Where Docker speaks plain HTTP by itself (dockerd, "insecure registries"). */
const isLoopback = (host) => /^(localhost|127(\.\d{1,3}){3})(:\d+)?$/.test(host);
/** Where the password is asked about: the registry itself, or who gives its tokens, never by a less safe way. */
function placeOf(challenge, root, username) {
    if (/^basic\b/i.test(challenge))
        return root;
    const [, realm = ''] = /^bearer\b.*?\brealm="([^"]+)"/i.exec(challenge) ?? [];
    if (!URL.canParse(realm))
        return undefined;
    const place = new URL(realm);
    if (place.protocol !== root.protocol && place.protocol !== 'https:')
        return undefined;
    const [, service] = /\bservice="([^"]+)"/i.exec(challenge) ?? [];
    if (service !== undefined)
        place.searchParams.set('service', service);
    place.searchParams.set('account', username);
    place.searchParams.set('client_id', 'pce-actions');
    return place;
}
/** The registry's own words (distribution-spec, "Error Codes"; Docker Hub has `details`). */
function reasonIn(text, status) {
    const [, words] = /"(?:message|details)"\s*:\s*"([^"\\]{1,200})"/.exec(text) ?? [];
    return `HTTP ${status}${words === undefined ? '' : `: ${words}`}`;
}

// EXTERNAL MODULE: ./.build/src/login/docker-config.js
var docker_config = __webpack_require__(60448);
// EXTERNAL MODULE: ./.build/src/login/export.js
var login_export = __webpack_require__(38135);
// EXTERNAL MODULE: ./.build/src/login/sign-in.js + 3 modules
var sign_in = __webpack_require__(69314);
// EXTERNAL MODULE: ./.build/src/run/run.js
var run = __webpack_require__(27640);
// EXTERNAL MODULE: ./.build/src/actions/exported.js
var exported = __webpack_require__(46132);
// EXTERNAL MODULE: ./.build/src/actions/inputs.js
var inputs = __webpack_require__(1270);
;// CONCATENATED MODULE: ./.build/src/actions/login.js










/** The login action: signs in, and exports a private Docker configuration to the steps that follow. */
async function performLoginAction(host) {
    const { env } = process;
    const signal = (0,inputs/* cancelSignal */.B)();
    const wanted = await loginOf({ read: host.read.bind(host), from: (input) => `input ${input}` });
    const { registries, section } = wanted;
    const request = { registries, section, credentials: credentialsFor(wanted, env) };
    const say = (line) => host.show({ type: 'note', at: Date.now(), line });
    const { authorizations, identity } = await (0,sign_in/* signIn */.Jv)(request, { env, signal, say, mask: host.mask.bind(host) });
    await checkPasswords(request, { host, env, signal });
    const folder = (0,login_export/* folderFor */.A)((0,run/* baseOf */.bx)(process.cwd(), env));
    await exportConfig(authorizations, folder, { host, env });
    if (wanted['export-credentials'] === 'true')
        exportCredentials(identity, wanted, { host, env });
    writeOutputs({ wanted, authorizations, identity, folder }, host);
    say(`Logged in to ${registries.join(', ')} for the steps that follow`);
}
/** User name and password where a host needs them. @throws UserError that says why a secret may be empty here */
function credentialsFor(wanted, env) {
    const { registries, section, username, password } = wanted;
    const credentials = username !== undefined && password !== undefined ? { username, password } : undefined;
    if (wanted['export-credentials'] === 'true' && section['role-to-assume'] === undefined)
        throw new errors/* UserError */.yo('input export-credentials: only the credentials of a role are given on: give role-to-assume');
    const aws = new Set((0,sign_in/* awsHostsOf */.KW)({ registries, section, credentials }).map(({ host }) => host));
    const open = registries.filter(host => !aws.has(host));
    if (credentials !== undefined || open.length === 0)
        return credentials;
    const missing = username === undefined ? 'username' : 'password';
    throw new errors/* UserError */.yo(`input ${missing}: empty, and ${open.join(', ')} asks for one\n${(0,job/* explainMissingPassword */.lY)(env)}`);
}
/**
 * A password that a registry refuses fails here, where it was given, and not in some later push. Where a registry can't
 * be asked from here, Docker may still reach it.
 */
async function checkPasswords(request, { host, env, signal }) {
    const { registries, credentials } = request;
    if (credentials === undefined)
        return;
    const aws = new Set((0,sign_in/* awsHostsOf */.KW)(request).map(one => one.host));
    const open = registries.filter(name => !aws.has(name));
    const checks = await Promise.all(open.map(name => checkPassword(name, credentials, { env, signal })));
    for (const [at, check] of checks.entries()) {
        if (check.is === 'unknown')
            host.warn(`${open[at]} could not be asked about the login, which is used unchecked: ${check.why}`);
        if (check.is === 'refused')
            throw new errors/* UserError */.yo(`${open[at]} does not take the password of ${credentials.username}: ${check.why}\n${advice(open[at] ?? '')}`);
    }
}
/** What a registry takes for a password. */
function advice(name) {
    if (name === 'ghcr.io')
        return 'Give secrets.GITHUB_TOKEN, with permissions: { packages: write } in the job, or a classic token with write:packages.';
    if (name === 'docker.io')
        return 'Give the name of the account, in lower case, and an access token of it.';
    return 'See that user name and password belong together and are for this registry.';
}
async function exportConfig(authorizations, folder, { host, env }) {
    const before = Object.fromEntries(exported/* pointers */.D_.map(name => [name, env[name] ?? '']));
    // Saved before it is there: a step that is killed in between leaves nothing.
    host.saveState('login', JSON.stringify({ folder, before }));
    const { credsStore } = await (0,docker_config/* readOwn */.jU)(env);
    if (credsStore === 'ecr-login')
        host.show({
            type: 'note',
            at: Date.now(),
            line: `The store ecr-login of ${(0,docker_config/* ownFolder */.vY)(env)} is not asked while this login lasts: name all hosts of ECR in registries`,
        });
    const variables = await (0,login_export/* writePrivateConfig */.t)(authorizations, folder, env);
    for (const name of exported/* pointers */.D_)
        host.exportVariable(name, variables[name]);
}
function exportCredentials(identity, { registries }, { host, env }) {
    if (identity === undefined)
        throw new errors/* UserError */.yo(`input export-credentials: none of ${registries.join(', ')} asks AWS for a login`);
    const { region, credentials } = identity;
    const { accessKeyId, secretAccessKey, sessionToken = '' } = credentials;
    for (const secret of [accessKeyId, secretAccessKey, sessionToken])
        host.mask(secret);
    const before = Object.fromEntries(exported/* regions */.Ei.map(name => [name, env[name] ?? '']));
    host.saveState('credentials', JSON.stringify(before));
    const values = [accessKeyId, secretAccessKey, sessionToken, region, region];
    for (const [index, name] of exported/* exported */.ES.entries())
        host.exportVariable(name, values[index] ?? '');
}
function writeOutputs({ wanted, authorizations, identity, folder }, host) {
    const { registries, section } = wanted;
    const session = wanted['export-credentials'] === 'true' ? identity?.credentials.expiration?.toISOString() : undefined;
    const [end = ''] = [...authorizations.map(({ expires }) => expires), session].filter(one => one !== undefined).sort();
    const outputs = {
        registry: registries[0] ?? '',
        registries: JSON.stringify(registries),
        'docker-config': folder,
        'aws-account-id': identity?.account ?? '',
        // The ARN of a session leaves out the path of its role: only the input has all of it.
        'role-arn': identity === undefined ? '' : (section['role-to-assume'] ?? ''),
        'authenticated-arn': identity?.arn ?? '',
        'expires-at': end,
    };
    for (const [name, value] of Object.entries(outputs))
        host.setOutput(name, value);
}


/***/ }),

/***/ 58870:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   $N: () => (/* binding */ codeOf),
/* harmony export */   DN: () => (/* binding */ addTo),
/* harmony export */   f8: () => (/* binding */ writeWhole),
/* harmony export */   fc: () => (/* binding */ makeFolder),
/* harmony export */   qC: () => (/* binding */ readIfThere)
/* harmony export */ });
/* harmony import */ var node_crypto__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(77598);
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(51455);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(76760);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(36624);




/** Makes a folder and those above it. @throws OutsideError that says what to do. */
async function makeFolder(path) {
    try {
        await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.mkdir)(path, { recursive: true });
    }
    catch (cause) {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_3__/* .OutsideError */ .Cp(`can't make the folder ${path}: ${messageOf(cause)}${adviceFor(cause)}`, { cause });
    }
}
/** Writes a file so that a reader sees the old or the new one, never a half: a temporary file, then a rename. */
async function writeWhole(path, text, mode = 0o644) {
    const temporary = `${path}.${(0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.randomBytes)(4).toString('hex')}.tmp`;
    try {
        await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.mkdir)((0,node_path__WEBPACK_IMPORTED_MODULE_2__.dirname)(path), { recursive: true });
        await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.writeFile)(temporary, text, { mode });
        await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.rename)(temporary, path);
    }
    catch (cause) {
        throw cannotWrite(path, cause);
    }
}
/** Adds to a file. @throws OutsideError that says what to do. */
async function addTo(path, text) {
    await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.appendFile)(path, text).catch((cause) => {
        throw cannotWrite(path, cause);
    });
}
/** The text of a file; undefined when it is not there. */
async function readIfThere(path) {
    try {
        return await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.readFile)(path, 'utf8');
    }
    catch (error) {
        if (codeOf(error) === 'ENOENT')
            return undefined;
        throw error;
    }
}
/** `ENOENT` and the like. */
const codeOf = (error) => typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;
const cannotWrite = (path, cause) => new _errors_js__WEBPACK_IMPORTED_MODULE_3__/* .OutsideError */ .Cp(`can't write ${path}: ${messageOf(cause)}${adviceFor(cause)}`, { cause });
const messageOf = (error) => (error instanceof Error ? error.message : String(error));
const elsewhere = '\nThe folder above it is not there or can not be written: choose another folder.';
const advice = {
    ENOSPC: '\nThe disk is full: free some space (docker system df shows what the engine holds), then run again.',
    EACCES: '\nThis user may not write there: choose another folder, or change its owner.',
    EROFS: '\nThat file system is read-only: choose another folder.',
    // What Node says of a folder that can't be made on a read-only file system.
    ENOENT: elsewhere,
    ENOTDIR: elsewhere,
};
const adviceFor = (error) => advice[codeOf(error) ?? ''] ?? '';


/***/ }),

/***/ 64264:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   m: () => (/* binding */ readRunFile)
/* harmony export */ });
/* harmony import */ var _disk_files_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(58870);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(36624);


/**
 * What a file of a run says; undefined when it is not there. @throws UserError for one that is not as this version of pce
 * writes it: another version did, or the machine stopped in the middle.
 */
async function readRunFile(path, schema) {
    const text = await (0,_disk_files_js__WEBPACK_IMPORTED_MODULE_0__/* .readIfThere */ .qC)(path);
    if (text === undefined)
        return undefined;
    try {
        return schema.parse(JSON.parse(text));
    }
    catch (cause) {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .UserError */ .yo(`${path} can't be read: another version of pce wrote it, or the machine stopped in the middle\nTake down what was left, pce clean, and begin anew: pce build.`, { cause });
    }
}


/***/ }),

/***/ 27640:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Fg: () => (/* binding */ markOf),
/* harmony export */   Iy: () => (/* binding */ openRun),
/* harmony export */   Jq: () => (/* binding */ writeState),
/* harmony export */   Lc: () => (/* binding */ findRun),
/* harmony export */   PC: () => (/* binding */ labelsOf),
/* harmony export */   Ve: () => (/* binding */ enter),
/* harmony export */   _n: () => (/* binding */ isAlive),
/* harmony export */   bx: () => (/* binding */ baseOf),
/* harmony export */   ku: () => (/* binding */ baseLabel),
/* harmony export */   un: () => (/* binding */ readState),
/* harmony export */   v8: () => (/* binding */ projectOf),
/* harmony export */   y6: () => (/* binding */ forget)
/* harmony export */ });
/* harmony import */ var node_crypto__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(77598);
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(51455);
/* harmony import */ var node_os__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(48161);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(76760);
/* harmony import */ var zod__WEBPACK_IMPORTED_MODULE_6__ = __webpack_require__(40104);
/* harmony import */ var _disk_files_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(58870);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_7__ = __webpack_require__(36624);
/* harmony import */ var _read_file_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(64264);








/** The label with a run's id, which each of its containers carries. */
const runLabel = 'dev.pce.run';
/** The label with the folder of a checkout's runs: `pce clean` touches only what carries its own. */
const baseLabel = 'dev.pce.base';
/** Pure: the labels of what a run makes. */
const labelsOf = ({ id, directory }) => ({
    [runLabel]: id,
    [baseLabel]: (0,node_path__WEBPACK_IMPORTED_MODULE_3__.dirname)(directory),
});
const stateSchema = zod__WEBPACK_IMPORTED_MODULE_6__/* .object */ .Ikc({
    id: zod__WEBPACK_IMPORTED_MODULE_6__/* .string */ .YjP(),
    /** the process that opened the run or works in it */
    pid: zod__WEBPACK_IMPORTED_MODULE_6__/* .number */ .aig().int(),
    opened: zod__WEBPACK_IMPORTED_MODULE_6__/* .string */ .YjP(),
    open: zod__WEBPACK_IMPORTED_MODULE_6__/* .boolean */ .zMY(),
});
/** `pce-` and 8 hex digits: the name of a run's Compose project and of its builder. */
const projectOf = (id) => `pce-${id}`;
const stateFileOf = (directory) => (0,node_path__WEBPACK_IMPORTED_MODULE_3__.join)(directory, 'state.json');
const currentFileOf = (base) => (0,node_path__WEBPACK_IMPORTED_MODULE_3__.join)(base, 'current');
/**
 * Where the runs of a checkout live: the runner's temporary folder on GitHub, else the user's state folder. Never in
 * the checkout: a build would send it to BuildKit with the context, and each run would change the image. Each working
 * directory has its own, also where two of one job share the temporary folder.
 */
function baseOf(context, env) {
    const folders = [env.RUNNER_TEMP, env.XDG_STATE_HOME].filter(folder => folder !== undefined);
    const folder = folders.find(one => (0,node_path__WEBPACK_IMPORTED_MODULE_3__.isAbsolute)(one) && !isInside(one, context));
    const name = `${(0,node_path__WEBPACK_IMPORTED_MODULE_3__.basename)(context)}-${hashOf(context).slice(0, 8)}`;
    return (0,node_path__WEBPACK_IMPORTED_MODULE_3__.join)(folder ?? (0,node_path__WEBPACK_IMPORTED_MODULE_3__.join)((0,node_os__WEBPACK_IMPORTED_MODULE_2__.homedir)(), '.local', 'state'), 'pce', name);
}
const hashOf = (path) => (0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.createHash)('sha256').update(path).digest('hex');
/** What stands for `base` where a path can't: a driver's option is CSV, and the path may hold a comma or a quote. */
const markOf = (base) => hashOf(base).slice(0, 16);
function isInside(path, context) {
    const way = (0,node_path__WEBPACK_IMPORTED_MODULE_3__.relative)(context, path);
    return way !== '..' && !way.startsWith(`..${node_path__WEBPACK_IMPORTED_MODULE_3__.sep}`);
}
/** Opens a new run below `base`. A `shared` run is the one that later commands and steps join. */
async function openRun(base, { shared }) {
    const id = (0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.randomBytes)(4).toString('hex');
    const directory = (0,node_path__WEBPACK_IMPORTED_MODULE_3__.join)(base, id);
    await (0,_disk_files_js__WEBPACK_IMPORTED_MODULE_4__/* .makeFolder */ .fc)((0,node_path__WEBPACK_IMPORTED_MODULE_3__.join)(directory, 'logs'));
    await writeState(directory, { id, pid: process.pid, opened: new Date().toISOString(), open: true });
    if (shared)
        await (0,_disk_files_js__WEBPACK_IMPORTED_MODULE_4__/* .writeWhole */ .f8)(currentFileOf(base), id);
    return { id, directory };
}
/** The open run that was shared last; undefined when there is none. */
async function findRun(base) {
    const id = (await (0,_disk_files_js__WEBPACK_IMPORTED_MODULE_4__/* .readIfThere */ .qC)(currentFileOf(base)))?.trim();
    if (id === undefined || id === '')
        return undefined;
    const state = await readState((0,node_path__WEBPACK_IMPORTED_MODULE_3__.join)(base, id));
    return state?.open === true ? { id, directory: (0,node_path__WEBPACK_IMPORTED_MODULE_3__.join)(base, id) } : undefined;
}
/** @throws UserError for a state that can't be read */
const readState = (directory) => (0,_read_file_js__WEBPACK_IMPORTED_MODULE_5__/* .readRunFile */ .m)(stateFileOf(directory), stateSchema);
const writeState = (directory, state) => (0,_disk_files_js__WEBPACK_IMPORTED_MODULE_4__/* .writeWhole */ .f8)(stateFileOf(directory), JSON.stringify(state));
/** Marks a run as worked in by this process, so that `pce clean` in another terminal leaves it alone. */
async function enter(run) {
    const state = await readState(run.directory);
    if (state === undefined)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_7__/* .UserError */ .yo(`${run.directory} is not a run: there is no state.json in it`);
    await writeState(run.directory, { ...state, pid: process.pid });
}
/** True while a process with that id lives on this machine. */
function isAlive(pid) {
    try {
        process.kill(pid, 0);
        return true;
    }
    catch (error) {
        return (0,_disk_files_js__WEBPACK_IMPORTED_MODULE_4__/* .codeOf */ .$N)(error) === 'EPERM';
    }
}
const forget = async (base, id) => {
    const current = await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.readFile)(currentFileOf(base), 'utf8').catch(() => '');
    if (current.trim() === id)
        await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.rm)(currentFileOf(base), { force: true });
};


/***/ }),

/***/ 80096:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   F: () => (/* binding */ isRight),
/* harmony export */   c: () => (/* binding */ rightMessage)
/* harmony export */ });
// File commands let a step change later steps; the others are rights (docs.github.com, "Variables reference").
const rights = /^(AWS_.*|ACTIONS_.*|INPUT_.*|PCE_.*|GITHUB_(TOKEN|ENV|OUTPUT|PATH|STATE|STEP_SUMMARY|ARTIFACTS)|GH_(ENTERPRISE_)?TOKEN|DOCKER_AUTH_CONFIG)$/i;
/** True for a variable that gives rights to this process alone: the login of a push, AWS, GitHub, Actions. */
const isRight = (name) => rights.test(name);
/** What is said where a configuration asks for such a variable: whoever writes it must not choose what pce holds. */
const rightMessage = 'a secret with a name of its own, such as NPM_TOKEN: this name is for what pce or the job itself may do; give the value under another name (that of GITHUB_TOKEN as GH_PACKAGES_TOKEN)';


/***/ })

};
