export const id = 548;
export const ids = [548];
export const modules = {

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

/***/ 72072:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Dy: () => (/* binding */ composeDown),
/* harmony export */   NS: () => (/* binding */ composeArgv),
/* harmony export */   jy: () => (/* binding */ readCompose)
/* harmony export */ });
/* harmony import */ var zod__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(40104);
/* harmony import */ var _docker_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(74014);


/** One service of a Compose document (compose-spec, 05-services.md), as far as we read or write it. */
const serviceSchema = zod__WEBPACK_IMPORTED_MODULE_1__/* .looseObject */ ._H3({
    image: zod__WEBPACK_IMPORTED_MODULE_1__/* .string */ .YjP().optional(),
    build: zod__WEBPACK_IMPORTED_MODULE_1__/* .looseObject */ ._H3({ target: zod__WEBPACK_IMPORTED_MODULE_1__/* .string */ .YjP().optional() }).optional(),
    environment: zod__WEBPACK_IMPORTED_MODULE_1__/* .record */ .g1P(zod__WEBPACK_IMPORTED_MODULE_1__/* .string */ .YjP(), zod__WEBPACK_IMPORTED_MODULE_1__/* .string */ .YjP().nullable()).optional(),
    labels: zod__WEBPACK_IMPORTED_MODULE_1__/* .record */ .g1P(zod__WEBPACK_IMPORTED_MODULE_1__/* .string */ .YjP(), zod__WEBPACK_IMPORTED_MODULE_1__/* .string */ .YjP()).optional(),
    ports: zod__WEBPACK_IMPORTED_MODULE_1__/* .array */ .YOg(zod__WEBPACK_IMPORTED_MODULE_1__/* .json */ .Pq9()).optional(),
});
const documentSchema = zod__WEBPACK_IMPORTED_MODULE_1__/* .looseObject */ ._H3({ services: zod__WEBPACK_IMPORTED_MODULE_1__/* .record */ .g1P(zod__WEBPACK_IMPORTED_MODULE_1__/* .string */ .YjP(), serviceSchema) });
/** The document as Compose itself understands it, with every profile. @throws OutsideError with Compose's own words. */
async function readCompose(file, engine) {
    const argv = ['compose', '--file', file, '--profile', '*', 'config', '--format', 'json'];
    const text = await (0,_docker_js__WEBPACK_IMPORTED_MODULE_0__/* .docker */ .T3)(`Read ${file}`, argv, engine);
    return documentSchema.parse(JSON.parse(text));
}
/** `docker compose` for a project: argv without `docker`. */
const composeArgv = ({ name, files }, ...argv) => [
    'compose',
    '--project-name',
    name,
    ...files.flatMap(file => ['--file', file]),
    '--progress',
    'quiet',
    ...argv,
];
/** Takes a project down with its volumes and networks, by its labels: no file is needed. Gives what went wrong. */
async function composeDown(name, engine) {
    const left = await removeContainers(name, engine);
    const argv = ['compose', '--project-name', name, 'down', '--volumes', '--remove-orphans', '--timeout', '0'];
    const end = await (0,_docker_js__WEBPACK_IMPORTED_MODULE_0__/* .tryDocker */ .IY)(`Take down ${name}`, argv, engine);
    return end.exitCode === 0 ? left : end.stderr.trim();
}
// `down` leaves the containers of `compose run`, and with them the network that they are in, and says that all is well.
async function removeContainers(name, engine) {
    const filter = `label=com.docker.compose.project=${name}`;
    const list = await (0,_docker_js__WEBPACK_IMPORTED_MODULE_0__/* .docker */ .T3)(`Look for ${name}`, ['ps', '--all', '--quiet', '--filter', filter], engine);
    const containers = list.split('\n').filter(Boolean);
    if (containers.length === 0)
        return undefined;
    const end = await (0,_docker_js__WEBPACK_IMPORTED_MODULE_0__/* .tryDocker */ .IY)(`Remove ${name}`, ['rm', '--force', '--volumes', ...containers], engine);
    const isGone = end.exitCode === 0 || /no such container|already in progress/i.test(end.stderr);
    return isGone ? undefined : end.stderr.trim();
}


/***/ }),

/***/ 74014:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   IY: () => (/* binding */ tryDocker),
/* harmony export */   T3: () => (/* binding */ docker),
/* harmony export */   lt: () => (/* binding */ probeEngine),
/* harmony export */   qY: () => (/* binding */ enginePlatform)
/* harmony export */ });
/* harmony import */ var zod__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(40104);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(36624);
/* harmony import */ var _program_run_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(16980);



/** Runs a docker command that must succeed; gives its standard output. @throws OutsideError with the engine's words. */
async function docker(title, argv, engine, options = {}) {
    const end = await tryDocker(title, argv, engine, options);
    if (end.exitCode !== 0)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .OutsideError */ .Cp((0,_program_run_js__WEBPACK_IMPORTED_MODULE_0__/* .failureOf */ .g5)({ title, argv: ['docker'] }, end));
    return end.stdout;
}
/** Runs a docker command whose failure is a value. @throws OutsideError when it is the engine that went away. */
async function tryDocker(title, argv, engine, options = {}) {
    const { env, signal, cwd } = engine;
    // One by one: a scope serves as options, and has an environment too.
    const { input, say } = options;
    const end = await (0,_program_run_js__WEBPACK_IMPORTED_MODULE_0__/* .runProgram */ .mB)({
        title,
        argv: ['docker', ...argv],
        env,
        ...(signal && { signal }),
        ...(cwd && { cwd }),
        ...(input !== undefined && { input }),
        ...(say && { say }),
    }).catch((cause) => {
        throw cause instanceof _program_run_js__WEBPACK_IMPORTED_MODULE_0__/* .NoProgramError */ .yQ ? new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .OutsideError */ .Cp(noDocker, { cause }) : cause;
    });
    if (end.exitCode !== 0 && hasNoPlugin(argv, end.stderr))
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .OutsideError */ .Cp(`docker has no plugin ${argv[0]} that works\n${argv[0] === 'compose' ? noCompose : noBuildx}`);
    if (end.exitCode !== 0 && engineGone.test(end.stderr)) {
        const { DOCKER_HOST: at } = env;
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .OutsideError */ .Cp(`${title}: the Docker engine does not answer (any more)${at ? `, where DOCKER_HOST says that it is: ${at}\n${elsewhere}` : `\n${noEngine}`}`);
    }
    return end;
}
/** Without a plugin docker takes its flags for its own (docker/cli, cli-plugins/manager). */
const hasNoPlugin = ([name = ''], said) => /^(buildx|compose)$/.test(name) &&
    (new RegExp(`(unknown command: docker ${name}|'${name}' is not a docker command)`).test(said) ||
        /unknown (shorthand )?flag: ('p' in -p|--(project-name|print|builder)\b)/.test(said));
const engineGone = /Cannot connect to the Docker daemon|failed to connect to the docker API|error during connect/;
// docs.docker.com, API reference, "Get system information"; ClientInfo is the client's own addition.
const infoSchema = zod__WEBPACK_IMPORTED_MODULE_2__/* .looseObject */ ._H3({
    ServerVersion: zod__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP().default(''),
    OSType: zod__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP().default('linux'),
    Architecture: zod__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP().default(''),
    DriverStatus: zod__WEBPACK_IMPORTED_MODULE_2__/* .array */ .YOg(zod__WEBPACK_IMPORTED_MODULE_2__/* .array */ .YOg(zod__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP())).nullish(),
    ClientInfo: zod__WEBPACK_IMPORTED_MODULE_2__/* .looseObject */ ._H3({
        Context: zod__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP().default('default'),
        Plugins: zod__WEBPACK_IMPORTED_MODULE_2__/* .array */ .YOg(zod__WEBPACK_IMPORTED_MODULE_2__/* .looseObject */ ._H3({ Name: zod__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP(), Version: zod__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP().optional(), Err: zod__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP().optional() }))
            .nullish(),
    }),
});
/**
 * What the engine is, by one process.
 * @throws OutsideError that says what is missing (docker, a running engine, buildx, Compose) and how to get it.
 */
async function probeEngine(engine) {
    const title = 'docker info';
    const end = await tryDocker(title, ['info', '--format', '{{json .}}'], engine);
    const info = parseInfo(end.stdout);
    if (end.exitCode !== 0 || info === undefined)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .OutsideError */ .Cp(`${title}: ${end.stderr.trim().split('\n', 1)[0] || 'no answer'}\n${noEngine}`);
    return {
        version: info.ServerVersion,
        buildx: versionOf('buildx', noBuildx, info),
        compose: versionOf('compose', noCompose, info),
        store: info.DriverStatus?.flat().some(text => text.startsWith('io.containerd.snapshotter'))
            ? 'containerd'
            : 'classic',
        platform: `${info.OSType}/${architectures[info.Architecture] ?? info.Architecture}`,
        context: info.ClientInfo.Context,
    };
}
function parseInfo(text) {
    try {
        return infoSchema.parse(JSON.parse(text));
    }
    catch {
        return undefined;
    }
}
/** The engine has the kernel's words, `uname -m`; images have Go's. */
const architectures = {
    x86_64: 'amd64',
    aarch64: 'arm64',
    armv7l: 'arm',
    i686: '386',
};
function versionOf(name, advice, { ClientInfo: { Plugins } }) {
    const plugin = Plugins?.find(one => one.Name === name && (one.Err ?? '') === '');
    if (plugin === undefined)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .OutsideError */ .Cp(`docker has no plugin ${name} that works\n${advice}`);
    return (plugin.Version ?? '').replace(/^v/, '');
}
/** The platform of the machine that the engine runs on: `linux/amd64`. */
async function enginePlatform(engine) {
    return (await docker('Ask for the platform', ['version', '--format', '{{.Server.Os}}/{{.Server.Arch}}'], engine)).trim();
}
const noDocker = 'docker is not on PATH\nInstall Docker: https://docs.docker.com/engine/install/';
const noEngine = 'Start Docker Desktop, or `sudo systemctl start docker`, and see that `docker info` answers.';
const elsewhere = 'Mend that variable or take it away, and see that `docker info` answers.';
const noBuildx = 'Install the buildx plugin: https://docs.docker.com/build/install-buildx/';
const noCompose = 'Install the Compose plugin: https://docs.docker.com/compose/install/';


/***/ }),

/***/ 16980:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  yQ: () => (/* binding */ NoProgramError),
  Ac: () => (/* binding */ SilentError),
  g5: () => (/* binding */ failureOf),
  mB: () => (/* binding */ runProgram)
});

// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(76760);
// EXTERNAL MODULE: ./node_modules/execa/index.js + 134 modules
var execa = __webpack_require__(7427);
// EXTERNAL MODULE: ./.build/src/errors.js
var errors = __webpack_require__(36624);
// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(73024);
;// CONCATENATED MODULE: ./.build/src/program/silence.js

/**
 * What a process has read and written so far, sockets included (proc(5), /proc/pid/io: rchar and wchar); undefined where
 * the system does not tell.
 */
function movedBy(pid) {
    try {
        return (0,external_node_fs_.readFileSync)(`/proc/${pid}/io`, 'utf8').split('\n').slice(0, 2).join();
    }
    catch {
        return undefined;
    }
}
/** Calls `end` once the process has moved no byte for `limit` ms. Where that can't be seen it never does. */
function watchSilence(pid, limit, end) {
    let moved = movedBy(pid);
    let since = Date.now();
    const timer = setInterval(() => {
        const now = movedBy(pid);
        if (now === undefined || now !== moved)
            since = Date.now();
        moved = now;
        if (Date.now() - since >= limit)
            end();
    }, limit / 20);
    return { [Symbol.dispose]: () => clearInterval(timer) };
}

;// CONCATENATED MODULE: ./.build/src/program/run.js
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




/** There is no such program on PATH. */
class NoProgramError extends errors/* OutsideError */.Cp {
}
/** The program moved no byte for as long as it may. */
class SilentError extends errors/* OutsideError */.Cp {
}
const grace = 5_000;
/**
 * Runs a program in a process group of its own, so that a cancel reaches what it started too. Any exit code is a value.
 * @throws OutsideError when the program can't be started; the signal's reason when it was aborted; SilentError.
 */
async function runProgram(program) {
    const { silence } = program;
    if (silence === undefined)
        return run(program);
    const limit = new AbortController();
    const { signal = limit.signal } = program;
    const said = `${program.title}: ${(0,external_node_path_.basename)(program.argv[0] ?? '')} moved no byte for ${silence / 1000} s`;
    return run({ ...program, signal: AbortSignal.any([signal, limit.signal]) }, pid => watchSilence(pid, silence, () => limit.abort(new SilentError(said))));
}
async function run(program, watch) {
    const env_1 = { stack: [], error: void 0, hasError: false };
    try {
        const { argv, cwd, env, signal, input, say } = program;
        signal?.throwIfAborted();
        const [file = '', ...args] = argv;
        const child = (0,execa/* execa */.Ho)(file, args, {
            ...(cwd === undefined ? {} : { cwd }),
            ...(input === undefined ? { stdin: 'ignore' } : { input }),
            env,
            extendEnv: false,
            reject: false,
            ...(signal === undefined ? {} : { cancelSignal: signal }),
            killDescendants: true,
            forceKillAfterDelay: grace,
            stripFinalNewline: true,
            maxBuffer: 100_000_000,
            stdout: listener(say, 'stdout'),
            stderr: listener(say, 'stderr'),
        });
        const _ = __addDisposableResource(env_1, child.pid === undefined ? undefined : watch?.(child.pid), false);
        const end = await child;
        if (signal?.aborted)
            killGroup(child.pid);
        signal?.throwIfAborted();
        if (end.isMaxBuffer)
            throw new errors/* OutsideError */.Cp(`${program.title}: ${file} wrote more than 100 MB, and was ended`);
        if (end.exitCode === undefined && end.signal === undefined) {
            if (end.code === 'ENOENT')
                throw new NoProgramError(`${program.title}: ${noProgram(file)}`);
            throw new errors/* OutsideError */.Cp(`${program.title}: can't start ${file}: ${end.originalMessage ?? end.shortMessage}`);
        }
        return {
            exitCode: end.exitCode,
            signal: end.signal,
            stdout: end.stdout,
            stderr: end.stderr,
            duration: end.durationMs,
        };
    }
    catch (e_1) {
        env_1.error = e_1;
        env_1.hasError = true;
    }
    finally {
        __disposeResources(env_1);
    }
}
const noProgram = (file) => `there is no program ${file} on PATH\nInstall it, or put it on PATH.`;
// A child that ignores SIGTERM would outlive a parent that heeds it. While one lives, the group keeps its number.
function killGroup(leader) {
    try {
        if (leader !== undefined)
            process.kill(-leader, 'SIGKILL');
    }
    catch {
        // Nobody is left.
    }
}
/** Title, program, exit code, time and the last 20 lines that it wrote. */
function failureOf({ title, argv }, { exitCode, signal, stderr, stdout, duration }) {
    const tail = (stderr.trim() || stdout.trim()).split('\n').slice(-20).join('\n');
    const how = exitCode === undefined ? `signal ${signal}` : `exit code ${exitCode}`;
    return `${title}: ${argv[0]} ended with ${how} after ${(duration / 1000).toFixed(1)} s${tail === '' ? '' : `\n${tail}`}`;
}
function listener(say, stream) {
    if (say === undefined)
        return 'pipe';
    return function* (line) {
        say(String(line), stream);
        yield line;
    };
}


/***/ }),

/***/ 6780:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Bc: () => (/* binding */ isDigest),
/* harmony export */   Bz: () => (/* binding */ referenceOf),
/* harmony export */   Fi: () => (/* binding */ imageSchema),
/* harmony export */   er: () => (/* binding */ digestSchema),
/* harmony export */   me: () => (/* binding */ indexSchema)
/* harmony export */ });
/* harmony import */ var zod__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(40104);

const pattern = /^sha256:[0-9a-f]{64}$/;
const isDigest = (text) => pattern.test(text);
const digestSchema = zod__WEBPACK_IMPORTED_MODULE_0__/* .custom */ .IeY(value => typeof value === 'string' && isDigest(value), 'a sha256 digest');
/** What points at content (OCI image-spec, descriptor.md). `size` in bytes. */
const descriptorSchema = zod__WEBPACK_IMPORTED_MODULE_0__/* .object */ .Ikc({
    mediaType: zod__WEBPACK_IMPORTED_MODULE_0__/* .string */ .YjP(),
    digest: digestSchema,
    size: zod__WEBPACK_IMPORTED_MODULE_0__/* .number */ .aig(),
    annotations: zod__WEBPACK_IMPORTED_MODULE_0__/* .record */ .g1P(zod__WEBPACK_IMPORTED_MODULE_0__/* .string */ .YjP(), zod__WEBPACK_IMPORTED_MODULE_0__/* .string */ .YjP()).optional(),
});
/**
 * One image of one platform, by digest. `repository` is where it can be read now (`127.0.0.1:5001/web`): staging while
 * the run lives. `digest` is the platform manifest's, never an index's, so what is tested is what is pushed.
 */
const imageSchema = zod__WEBPACK_IMPORTED_MODULE_0__/* .object */ .Ikc({
    name: zod__WEBPACK_IMPORTED_MODULE_0__/* .string */ .YjP(),
    target: zod__WEBPACK_IMPORTED_MODULE_0__/* .string */ .YjP(),
    platform: zod__WEBPACK_IMPORTED_MODULE_0__/* .string */ .YjP(),
    digest: digestSchema,
    repository: zod__WEBPACK_IMPORTED_MODULE_0__/* .string */ .YjP(),
    /** that of its configuration, which Docker calls the id of an image */
    config: digestSchema.optional(),
    /** what was said about how it was made, beside it in staging: provenance, SBOM */
    attestations: zod__WEBPACK_IMPORTED_MODULE_0__/* .array */ .YOg(descriptorSchema).optional(),
});
/**
 * What a tag will point at when one manifest is not enough: an image index over the platforms' manifests and what
 * attests them. It lies in staging beside them; `images` are the digests that were judged.
 */
const indexSchema = zod__WEBPACK_IMPORTED_MODULE_0__/* .object */ .Ikc({
    name: zod__WEBPACK_IMPORTED_MODULE_0__/* .string */ .YjP(),
    digest: digestSchema,
    repository: zod__WEBPACK_IMPORTED_MODULE_0__/* .string */ .YjP(),
    images: zod__WEBPACK_IMPORTED_MODULE_0__/* .array */ .YOg(digestSchema),
});
/** `host:port/name@sha256:…`, the only form in which an image is handed on. */
const referenceOf = ({ repository, digest }) => `${repository}@${digest}`;


/***/ }),

/***/ 79895:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  DO: () => (/* binding */ partSchema),
  w1: () => (/* binding */ programSchema),
  ZF: () => (/* binding */ pushedSchema)
});

// EXTERNAL MODULE: ./node_modules/zod/v4/classic/schemas.js + 6 modules
var schemas = __webpack_require__(40104);
;// CONCATENATED MODULE: ./.build/src/record/cache-use.js

/** What a task read from a cache, or wrote to it. Sizes in bytes; 0 where nobody counts them (all but gha). */
const cacheUseSchema = schemas/* object */.Ikc({
    /** `gha`, `registry`, `local`, …; `none` */
    type: schemas/* string */.YjP(),
    /** what was chosen, and why */
    why: schemas/* string */.YjP(),
    /** values of `--cache-from`, of `--cache-to` */
    from: schemas/* array */.YOg(schemas/* string */.YjP()),
    to: schemas/* array */.YOg(schemas/* string */.YjP()),
    /** scopes that a cache was found for, and not */
    found: schemas/* array */.YOg(schemas/* string */.YjP()),
    missed: schemas/* array */.YOg(schemas/* string */.YjP()),
    received: schemas/* number */.aig().int().nonnegative(),
    sent: schemas/* number */.aig().int().nonnegative(),
    /** entries that were made */
    entries: schemas/* number */.aig().int().nonnegative(),
    /** the first step that was done anew, and the likely reason */
    miss: schemas/* string */.YjP().optional(),
    /** what was in the way, with the cause: never a reason to fail */
    notices: schemas/* array */.YOg(schemas/* string */.YjP()),
});

// EXTERNAL MODULE: ./.build/src/record/finding.js
var finding = __webpack_require__(67896);
// EXTERNAL MODULE: ./.build/src/record/image.js
var record_image = __webpack_require__(6780);
;// CONCATENATED MODULE: ./.build/src/record/test-case.js


/** One test or assertion. `error`: the test could not say (request refused, script threw). Times in ms. */
const testCaseSchema = schemas/* object */.Ikc({
    suite: schemas/* string */.YjP(),
    name: schemas/* string */.YjP(),
    status: schemas/* enum */.k5n(['passed', 'failed', 'error', 'skipped']),
    duration: schemas/* number */.aig().nonnegative(),
    message: schemas/* string */.YjP().optional(),
    /** what helps to understand a failure: request, response excerpt, server log lines */
    detail: schemas/* string */.YjP().optional(),
    location: finding/* locationSchema */.Hd.optional(),
});

// EXTERNAL MODULE: ./.build/src/record/verdict.js
var verdict = __webpack_require__(42880);
;// CONCATENATED MODULE: ./.build/src/record/part.js






/** A program that a task used. */
const programSchema = schemas/* object */.Ikc({
    name: schemas/* string */.YjP(),
    version: schemas/* string */.YjP(),
    path: schemas/* string */.YjP().describe('Where it is; of BuildKit (buildkit) its builder, one entry for each node'),
    image: schemas/* string */.YjP()
        .optional()
        .describe('Of a BuildKit in a container the image, with its digest where the engine pulled it: moby/buildkit@sha256:…; pce lock pins that'),
});
/** One step of a build as BuildKit tells it. Times are ISO 8601; `cached` steps did no work. */
const vertexSchema = schemas/* object */.Ikc({
    name: schemas/* string */.YjP(),
    digest: schemas/* string */.YjP(),
    cached: schemas/* boolean */.zMY(),
    started: schemas/* string */.YjP().optional(),
    completed: schemas/* string */.YjP().optional(),
    error: schemas/* string */.YjP().optional(),
    /** what was sent to the builder or pulled for it */
    bytes: schemas/* number */.aig().optional(),
});
/** An image that another was built on: `docker.io/library/debian:bookworm-slim`, and what that was then. */
const baseSchema = schemas/* object */.Ikc({ image: schemas/* string */.YjP(), digest: schemas/* string */.YjP() })
    .describe('An image that a build stood on, by tag and digest: of FROM, COPY --from, # syntax=, the SBOM; pce lock pins it');
/** A tag in a target registry and what it points at. */
const pushedSchema = schemas/* object */.Ikc({ reference: schemas/* string */.YjP(), digest: schemas/* string */.YjP() });
/** Why a task is `broken`: `user` can be mended here, `outside` elsewhere, `bug` is ours. */
const faultSchema = schemas/* object */.Ikc({ kind: schemas/* enum */.k5n(['user', 'outside', 'bug']), message: schemas/* string */.YjP() });
/** What a task found out besides its value. All of it goes into the record. */
const evidenceSchema = schemas/* object */.Ikc({
    reason: schemas/* string */.YjP().optional(),
    subject: verdict/* subjectSchema */.cn.optional(),
    images: schemas/* array */.YOg(record_image/* imageSchema */.Fi).optional(),
    indexes: schemas/* array */.YOg(record_image/* indexSchema */.me).optional(),
    findings: schemas/* array */.YOg(finding/* findingSchema */.$f).optional(),
    tests: schemas/* array */.YOg(testCaseSchema).optional(),
    programs: schemas/* array */.YOg(programSchema).optional(),
    vertices: schemas/* array */.YOg(vertexSchema).optional(),
    bases: schemas/* array */.YOg(baseSchema).optional(),
    pushed: schemas/* array */.YOg(pushedSchema).optional(),
    cache: cacheUseSchema.optional(),
});
/** The end of one task, as `parts/<id>.json` keeps it. `value` is what later tasks take; it never holds a secret. */
const partSchema = evidenceSchema.extend({
    task: schemas/* string */.YjP(),
    kind: schemas/* enum */.k5n(['work', 'blocking', 'advisory']),
    status: verdict/* statusSchema */.aW,
    started: schemas/* string */.YjP(),
    ended: schemas/* string */.YjP(),
    /** a hash of the task's request, so that a part is taken over only for the same question */
    request: schemas/* string */.YjP(),
    /** the source that it was done on (16 hex digits); empty where Git can't say */
    source: schemas/* string */.YjP().optional(),
    value: schemas/* json */.Pq9().optional(),
    fault: faultSchema.optional(),
    /** the last lines of the task's log, kept when it did not pass */
    log: schemas/* array */.YOg(schemas/* string */.YjP()).optional(),
});


/***/ }),

/***/ 32692:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   N3: () => (/* binding */ mergeParts),
/* harmony export */   W5: () => (/* binding */ verdictsOf),
/* harmony export */   X8: () => (/* binding */ revisionSchema),
/* harmony export */   fi: () => (/* binding */ recordSchema)
/* harmony export */ });
/* unused harmony export outcomeOf */
/* harmony import */ var zod__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(40104);
/* harmony import */ var _image_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(6780);
/* harmony import */ var _part_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(79895);
/* harmony import */ var _verdict_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(42880);




const recordVersion = 1;
const revisionSchema = zod__WEBPACK_IMPORTED_MODULE_3__/* .object */ .Ikc({
    commit: zod__WEBPACK_IMPORTED_MODULE_3__/* .string */ .YjP(),
    /** `refs/heads/main`, `refs/tags/v1.2.0`, `refs/pull/7/merge`; empty when detached */
    ref: zod__WEBPACK_IMPORTED_MODULE_3__/* .string */ .YjP(),
    /** true when the checkout differs from the commit */
    dirty: zod__WEBPACK_IMPORTED_MODULE_3__/* .boolean */ .zMY(),
    /** ISO 8601 time of the commit */
    committed: zod__WEBPACK_IMPORTED_MODULE_3__/* .string */ .YjP(),
    /** folder of the checkout that was worked in, such as `apps/web`; absent at its root */
    prefix: zod__WEBPACK_IMPORTED_MODULE_3__/* .string */ .YjP().optional(),
});
const plannedSchema = zod__WEBPACK_IMPORTED_MODULE_3__/* .object */ .Ikc({
    id: zod__WEBPACK_IMPORTED_MODULE_3__/* .string */ .YjP(),
    kind: zod__WEBPACK_IMPORTED_MODULE_3__/* ["enum"] */ .k5n(['work', 'blocking', 'advisory']),
    needs: zod__WEBPACK_IMPORTED_MODULE_3__/* .array */ .YOg(zod__WEBPACK_IMPORTED_MODULE_3__/* .string */ .YjP()),
});
/** `run.json`: everything a run did, from which every report is rendered. */
const recordSchema = zod__WEBPACK_IMPORTED_MODULE_3__/* .object */ .Ikc({
    version: zod__WEBPACK_IMPORTED_MODULE_3__/* .literal */ .euz(recordVersion),
    id: zod__WEBPACK_IMPORTED_MODULE_3__/* .string */ .YjP(),
    revision: revisionSchema,
    plan: zod__WEBPACK_IMPORTED_MODULE_3__/* .object */ .Ikc({ hash: zod__WEBPACK_IMPORTED_MODULE_3__/* .string */ .YjP(), tasks: zod__WEBPACK_IMPORTED_MODULE_3__/* .array */ .YOg(plannedSchema) }),
    started: zod__WEBPACK_IMPORTED_MODULE_3__/* .string */ .YjP(),
    ended: zod__WEBPACK_IMPORTED_MODULE_3__/* .string */ .YjP().optional(),
    /** `running` until every task of the goal has ended */
    outcome: zod__WEBPACK_IMPORTED_MODULE_3__/* ["enum"] */ .k5n(['running', 'passed', 'failed', 'broken', 'cancelled']),
    tasks: zod__WEBPACK_IMPORTED_MODULE_3__/* .array */ .YOg(_part_js__WEBPACK_IMPORTED_MODULE_1__/* .partSchema */ .DO),
    images: zod__WEBPACK_IMPORTED_MODULE_3__/* .array */ .YOg(_image_js__WEBPACK_IMPORTED_MODULE_0__/* .imageSchema */ .Fi),
    indexes: zod__WEBPACK_IMPORTED_MODULE_3__/* .array */ .YOg(_image_js__WEBPACK_IMPORTED_MODULE_0__/* .indexSchema */ .me).default([]),
    verdicts: zod__WEBPACK_IMPORTED_MODULE_3__/* .array */ .YOg(_verdict_js__WEBPACK_IMPORTED_MODULE_2__/* .verdictSchema */ .$D),
    programs: zod__WEBPACK_IMPORTED_MODULE_3__/* .array */ .YOg(_part_js__WEBPACK_IMPORTED_MODULE_1__/* .programSchema */ .w1),
    pushed: zod__WEBPACK_IMPORTED_MODULE_3__/* .array */ .YOg(_part_js__WEBPACK_IMPORTED_MODULE_1__/* .pushedSchema */ .ZF),
});
/** The verdicts among parts: every task that judges, about its subject (the source when it names none). */
const verdictsOf = (parts) => parts
    .filter(part => part.kind !== 'work')
    .map(({ task, subject = 'source', status, kind, reason, fault }) => ({
    task,
    subject,
    status,
    blocking: kind === 'blocking',
    ...optional('reason', reason ?? fault?.message),
}));
const optional = (key, value) => (value === undefined ? {} : { [key]: value });
const unique = (items) => [...new Map(items.map(item => [JSON.stringify(item), item])).values()];
/** Images come as they are configured, whichever was built first. */
function inPlanOrder(parts, { plan }) {
    const place = new Map(plan.tasks.map(({ id }, index) => [id, index]));
    return parts.toSorted((a, b) => (place.get(a.task) ?? 0) - (place.get(b.task) ?? 0));
}
/** Merges the parts of a run, in the order in which they ended. Pure. */
function mergeParts(frame, parts, ended) {
    const inOrder = [...parts].sort((a, b) => a.ended.localeCompare(b.ended));
    return {
        version: recordVersion,
        ...frame,
        ...optional('ended', ended),
        outcome: ended === undefined ? 'running' : outcomeOf(inOrder),
        tasks: inOrder,
        images: unique(inPlanOrder(inOrder, frame).flatMap(part => part.images ?? [])),
        indexes: unique(inOrder.flatMap(part => part.indexes ?? [])),
        verdicts: verdictsOf(inOrder),
        programs: unique(inOrder.flatMap(part => part.programs ?? [])),
        pushed: unique(inOrder.flatMap(part => part.pushed ?? [])),
    };
}
/**
 * A run is as bad as its worst task that counts; an advisory task never counts. The gate is red also when a scanner
 * broke: that does not say that the image is bad.
 */
function outcomeOf(parts) {
    const counted = parts.filter(({ kind }) => kind !== 'advisory');
    const failed = counted.filter(({ status }) => status === 'failed');
    if (failed.some(({ task }) => task !== 'gate'))
        return 'failed';
    if (counted.some(({ status }) => status === 'broken'))
        return 'broken';
    if (failed.length > 0)
        return 'failed';
    return counted.some(({ status }) => status === 'cancelled') ? 'cancelled' : 'passed';
}


/***/ }),

/***/ 42880:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   $D: () => (/* binding */ verdictSchema),
/* harmony export */   aW: () => (/* binding */ statusSchema),
/* harmony export */   cn: () => (/* binding */ subjectSchema)
/* harmony export */ });
/* harmony import */ var zod__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(40104);
/* harmony import */ var _image_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(6780);


/**
 * How a task ended. `failed`: it looked and said no. `broken`: it could not look. `cancelled`: it was not let to end,
 * or a need of it has no value. `skipped`: not asked for here, with a reason.
 */
const statusSchema = zod__WEBPACK_IMPORTED_MODULE_1__/* ["enum"] */ .k5n(['passed', 'failed', 'broken', 'cancelled', 'skipped']);
/** What a verdict is about: the digest of an image, or the source of this revision. */
const subjectSchema = zod__WEBPACK_IMPORTED_MODULE_1__/* .union */ .KCZ([zod__WEBPACK_IMPORTED_MODULE_1__/* .literal */ .euz('source'), _image_js__WEBPACK_IMPORTED_MODULE_0__/* .digestSchema */ .er]);
const verdictSchema = zod__WEBPACK_IMPORTED_MODULE_1__/* .object */ .Ikc({
    task: zod__WEBPACK_IMPORTED_MODULE_1__/* .string */ .YjP(),
    subject: subjectSchema,
    status: statusSchema,
    blocking: zod__WEBPACK_IMPORTED_MODULE_1__/* .boolean */ .zMY(),
    reason: zod__WEBPACK_IMPORTED_MODULE_1__/* .string */ .YjP().optional(),
});


/***/ }),

/***/ 38529:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Ql: () => (/* binding */ closeRun),
/* harmony export */   TE: () => (/* binding */ removeLogins),
/* harmony export */   iq: () => (/* binding */ removeBuilder)
/* harmony export */ });
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(51455);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(76760);
/* harmony import */ var zod__WEBPACK_IMPORTED_MODULE_8__ = __webpack_require__(40104);
/* harmony import */ var _disk_files_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(58870);
/* harmony import */ var _docker_compose_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(72072);
/* harmony import */ var _docker_docker_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(74014);
/* harmony import */ var _journal_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(50566);
/* harmony import */ var _parts_js__WEBPACK_IMPORTED_MODULE_6__ = __webpack_require__(63239);
/* harmony import */ var _run_js__WEBPACK_IMPORTED_MODULE_7__ = __webpack_require__(27640);









/**
 * Takes down all that a run made: its project with volumes and networks, its builder, its credentials. Container logs
 * are kept first. What could not be taken down is told, never thrown: the rest goes on. Safe to repeat.
 */
async function closeRun(run, engine) {
    const belongings = unique(await (0,_journal_js__WEBPACK_IMPORTED_MODULE_5__/* .readJournal */ .a)(run.directory));
    await keepLogs(run, belongings, engine);
    const faults = await Promise.all(belongings.map(belonging => takeDown(belonging, engine)));
    await removeStaged(run, engine);
    await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.rm)((0,node_path__WEBPACK_IMPORTED_MODULE_1__.join)(run.directory, 'private'), { recursive: true, force: true });
    // A state that nobody can read is written anew: else the run would never be closed.
    const state = await (0,_run_js__WEBPACK_IMPORTED_MODULE_7__/* .readState */ .un)(run.directory).catch(() => ({ id: run.id, pid: process.pid, opened: '' }));
    const left = faults.filter(fault => fault !== undefined);
    if (state !== undefined && left.length === 0)
        await (0,_run_js__WEBPACK_IMPORTED_MODULE_7__/* .writeState */ .Jq)(run.directory, { ...state, open: false });
    await (0,_run_js__WEBPACK_IMPORTED_MODULE_7__/* .forget */ .y6)((0,node_path__WEBPACK_IMPORTED_MODULE_1__.dirname)(run.directory), run.id);
    return left;
}
const stagedSchema = zod__WEBPACK_IMPORTED_MODULE_8__/* .looseObject */ ._H3({ repository: zod__WEBPACK_IMPORTED_MODULE_8__/* .string */ .YjP(), digest: zod__WEBPACK_IMPORTED_MODULE_8__/* .string */ .YjP() });
/**
 * Removes what the engine has from staging: under that name nobody can pull it again, and each run would add more. What
 * it pulled has a digest; what its own builder made has a tag too.
 */
async function removeStaged({ directory }, engine) {
    const parts = await (0,_parts_js__WEBPACK_IMPORTED_MODULE_6__/* .readParts */ .fp)(directory).catch(() => []);
    const staged = parts.flatMap(({ value }) => stagedSchema.safeParse(value).data ?? []);
    if (staged.length === 0)
        return;
    const filters = [...new Set(staged.map(({ repository }) => repository))].flatMap(name => [
        '--filter',
        `reference=${name}`,
    ]);
    const argv = ['image', 'ls', '--format', '{{.Repository}}:{{.Tag}}', ...filters];
    const list = await (0,_docker_docker_js__WEBPACK_IMPORTED_MODULE_4__/* .tryDocker */ .IY)('Look for staged images', argv, engine).catch(() => undefined);
    const tagged = (list?.stdout ?? '').split('\n').filter(name => name !== '' && !name.endsWith(':<none>'));
    const names = [...staged.map(({ repository, digest }) => `${repository}@${digest}`), ...tagged];
    // One that was never pulled is not there; that is no fault.
    await (0,_docker_docker_js__WEBPACK_IMPORTED_MODULE_4__/* .tryDocker */ .IY)('Remove staged images', ['image', 'rm', '--force', ...names], engine).catch(() => undefined);
}
/** Removes the logins of a run: the tasks that needed them are over, and what comes later has no business with them. */
async function removeLogins({ directory }) {
    for (const { kind, name } of await (0,_journal_js__WEBPACK_IMPORTED_MODULE_5__/* .readJournal */ .a)(directory))
        if (kind === 'credentials')
            await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.rm)(name, { recursive: true, force: true });
}
const unique = (belongings) => [
    ...new Map(belongings.map(belonging => [`${belonging.kind} ${belonging.name}`, belonging])).values(),
];
async function keepLogs({ directory }, belongings, engine) {
    for (const { kind, name } of belongings) {
        if (kind !== 'project')
            continue;
        const argv = ['compose', '--project-name', name, 'logs', '--no-color', '--timestamps'];
        const end = await (0,_docker_docker_js__WEBPACK_IMPORTED_MODULE_4__/* .tryDocker */ .IY)('Keep logs', argv, engine).catch(() => undefined);
        if (end?.stdout)
            await (0,_disk_files_js__WEBPACK_IMPORTED_MODULE_2__/* .writeWhole */ .f8)((0,node_path__WEBPACK_IMPORTED_MODULE_1__.join)(directory, 'logs', 'containers.log'), `${end.stdout}\n`).catch(() => { });
    }
}
async function takeDown({ kind, name }, engine) {
    try {
        if (kind === 'credentials')
            await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.rm)(name, { recursive: true, force: true });
        else if (kind === 'project')
            return await (0,_docker_compose_js__WEBPACK_IMPORTED_MODULE_3__/* .composeDown */ .Dy)(name, engine);
        else
            return await removeBuilder(name, engine);
        return undefined;
    }
    catch (error) {
        return `${kind} ${name}: ${error instanceof Error ? error.message : String(error)}`;
    }
}
/**
 * Removes a builder with its container and its state, also when buildx has forgotten it. The container goes first and
 * by force: buildx would wait for buildkitd to end, 5 s for nothing.
 */
async function removeBuilder(name, engine) {
    const container = `buildx_buildkit_${name}0`;
    const gone = await (0,_docker_docker_js__WEBPACK_IMPORTED_MODULE_4__/* .tryDocker */ .IY)(`Remove ${container}`, ['rm', '--force', '--volumes', container], engine);
    await (0,_docker_docker_js__WEBPACK_IMPORTED_MODULE_4__/* .tryDocker */ .IY)(`Remove builder ${name}`, ['buildx', 'rm', '--force', name], engine);
    await (0,_docker_docker_js__WEBPACK_IMPORTED_MODULE_4__/* .tryDocker */ .IY)(`Remove ${container}_state`, ['volume', 'rm', '--force', `${container}_state`], engine);
    return gone.exitCode === 0 || /no such container/i.test(gone.stderr) ? undefined : gone.stderr.trim();
}


/***/ }),

/***/ 61076:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   _: () => (/* binding */ scrub)
/* harmony export */ });
/* harmony import */ var _schema_rights_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(80096);

/** Words that name a secret, in a name as `wordsOf` writes it. `PATH`, `TOKENIZER`, `SSH_AUTH_SOCK` have none of them. */
const secretive = [
    /(TOKEN|SECRETS?|CREDENTIALS?|PASSWORDS?|PASSWD|PASSPHRASE)\d*(_|$)/,
    /(^|_)(PAT|JWT|AUTHORIZATION|WEBHOOKS?)\d*(_|$)/,
    /(^|_)(PASS|AUTH)\d*$/,
    /(?<!(^|_)(PUBLIC|CACHE))_KEYS?\d*(_|$)|^KEYS?$/,
    /(API|ACCESS|DEPLOY|PRIVATE|SECRET|SIGNING|SSH)KEYS?\d*(_|$)/,
    /(^|_)ID_(RSA|DSA|ECDSA|ED25519)(_|$)/,
    /_PWD$/,
];
/** Settings of Trivy and Git that are about secrets and keys, and are none. */
const setting = /^(TRIVY_SECRET_CONFIG|TRIVY_TOKEN_HEADER|GIT_CONFIG_KEY_\d+)$/;
/** `npm_config_//host/:_authToken` → `NPM_CONFIG_HOST_AUTH_TOKEN` */
const wordsOf = (name) => name
    .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
    .replaceAll(/[^A-Za-z0-9]+/g, '_')
    .toUpperCase();
const isSecretive = (name) => !setting.test(name) && secretive.some(pattern => pattern.test(wordsOf(name)));
/**
 * The environment for programs of a run: without the rights of AWS, GitHub and Actions, without anything that is named
 * like a secret, and without the secrets that the configuration names (a build gets those alone).
 */
function scrub(env, secrets = []) {
    const kept = Object.entries(env).filter((entry) => entry[1] !== undefined && !(0,_schema_rights_js__WEBPACK_IMPORTED_MODULE_0__/* .isRight */ .F)(entry[0]) && !isSecretive(entry[0]) && !secrets.includes(entry[0]));
    return Object.fromEntries(kept);
}


/***/ }),

/***/ 50566:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   _: () => (/* binding */ writeDown),
/* harmony export */   a: () => (/* binding */ readJournal)
/* harmony export */ });
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(76760);
/* harmony import */ var zod__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(40104);
/* harmony import */ var _disk_files_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(58870);



/**
 * Something that a run owns and `close` takes down: a Compose project, a builder of buildx, a folder of credentials.
 * It is written down before it is made, so that nothing is left behind when the process dies in between.
 */
const belongingSchema = zod__WEBPACK_IMPORTED_MODULE_2__/* .object */ .Ikc({
    kind: zod__WEBPACK_IMPORTED_MODULE_2__/* ["enum"] */ .k5n(['project', 'builder', 'credentials']),
    name: zod__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP(),
});
const fileOf = (directory) => (0,node_path__WEBPACK_IMPORTED_MODULE_0__.join)(directory, 'made.jsonl');
// A line feed before it too: what a crash cut must not take the next line with it.
const writeDown = (directory, belonging) => (0,_disk_files_js__WEBPACK_IMPORTED_MODULE_1__/* .addTo */ .DN)(fileOf(directory), `\n${JSON.stringify(belonging)}\n`);
/** What the run may have made, last first: what was made last goes first. A line that a crash cut is left out. */
async function readJournal(directory) {
    const text = (await (0,_disk_files_js__WEBPACK_IMPORTED_MODULE_1__/* .readIfThere */ .qC)(fileOf(directory))) ?? '';
    return text.split('\n').flatMap(parseLine).reverse();
}
function parseLine(line) {
    try {
        return [belongingSchema.parse(JSON.parse(line))];
    }
    catch {
        return [];
    }
}


/***/ }),

/***/ 63239:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   $X: () => (/* binding */ writePart),
/* harmony export */   KO: () => (/* binding */ removePart),
/* harmony export */   bV: () => (/* binding */ fileNameOf),
/* harmony export */   fQ: () => (/* binding */ recordFileOf),
/* harmony export */   fp: () => (/* binding */ readParts),
/* harmony export */   rh: () => (/* binding */ writeRecord)
/* harmony export */ });
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(51455);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(76760);
/* harmony import */ var _disk_files_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(58870);
/* harmony import */ var _record_part_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(79895);
/* harmony import */ var _record_record_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(32692);
/* harmony import */ var _read_file_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(64264);






const folderOf = (directory) => (0,node_path__WEBPACK_IMPORTED_MODULE_1__.join)(directory, 'parts');
const fileOf = (directory, task) => (0,node_path__WEBPACK_IMPORTED_MODULE_1__.join)(folderOf(directory), `${fileNameOf(task)}.json`);
/** Another name for every task, so that none writes over another: `scan:web` is `scan_web`. */
const fileNameOf = (task) => encodeURIComponent(task).replace('%3A', '_');
const writePart = (directory, part) => (0,_disk_files_js__WEBPACK_IMPORTED_MODULE_2__/* .writeWhole */ .f8)(fileOf(directory, part.task), `${JSON.stringify(part, undefined, 1)}\n`);
const removePart = (directory, task) => (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.rm)(fileOf(directory, task), { force: true });
/** Every part of a run. @throws UserError when a file there is not a part. */
async function readParts(directory) {
    await (0,_disk_files_js__WEBPACK_IMPORTED_MODULE_2__/* .makeFolder */ .fc)(folderOf(directory));
    const names = (await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.readdir)(folderOf(directory))).filter(name => name.endsWith('.json'));
    const parts = await Promise.all(names.map(name => (0,_read_file_js__WEBPACK_IMPORTED_MODULE_5__/* .readRunFile */ .m)((0,node_path__WEBPACK_IMPORTED_MODULE_1__.join)(folderOf(directory), name), _record_part_js__WEBPACK_IMPORTED_MODULE_3__/* .partSchema */ .DO)));
    return parts.filter(part => part !== undefined);
}
/** Merges the parts into `run.json` and gives the record. `ended` (ISO 8601) once the goals are reached. */
async function writeRecord(directory, frame, ended) {
    const record = (0,_record_record_js__WEBPACK_IMPORTED_MODULE_4__/* .mergeParts */ .N3)(frame, await readParts(directory), ended);
    await (0,_disk_files_js__WEBPACK_IMPORTED_MODULE_2__/* .writeWhole */ .f8)(recordFileOf(directory), `${JSON.stringify(record, undefined, 1)}\n`);
    return record;
}
const recordFileOf = (directory) => (0,node_path__WEBPACK_IMPORTED_MODULE_1__.join)(directory, 'run.json');


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
