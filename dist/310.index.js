export const id = 310;
export const ids = [310,769];
export const modules = {

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

/***/ 73310:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   exportCaches: () => (/* binding */ exportCaches)
/* harmony export */ });
/* harmony import */ var _perform_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(52122);
/* harmony import */ var _run_parts_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(63239);
/* harmony import */ var _inputs_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(1270);
/* harmony import */ var _stage_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(76769);




/**
 * Writes the caches of what this run built, when the job is over: no gate did. Not where the job failed or was cancelled:
 * nobody waits then for what may be wrong. A step after the job, so whatever is in the way is told, and no more.
 */
async function exportCaches(name, run, { host, masker, newmanWorker }) {
    const say = (line) => host.show({ type: 'note', at: Date.now(), line });
    const reason = whyNot(await (0,_run_parts_js__WEBPACK_IMPORTED_MODULE_1__/* .readParts */ .fp)(run.directory), host.read('job-status'));
    if (reason !== undefined)
        return reason === '' ? undefined : say(`Layer caches are not written: ${reason}`);
    const secrets = (0,_stage_js__WEBPACK_IMPORTED_MODULE_3__.secretsFor)(name, host);
    const request = { ...(0,_stage_js__WEBPACK_IMPORTED_MODULE_3__.requestOf)(name, secrets, host), command: 'cache', push: false, only: [] };
    await (0,_perform_js__WEBPACK_IMPORTED_MODULE_0__/* .perform */ .y)(request, {
        // The summary was written by the main step.
        host: { ...host, end: async () => host.close() },
        env: { ...process.env, ...secrets.variables },
        signal: (0,_inputs_js__WEBPACK_IMPORTED_MODULE_2__/* .cancelSignal */ .B)(),
        masker,
        newmanWorker,
        opened() { },
    });
}
/** Pure: why there is nothing to write now, in words; empty where nobody would ask. */
function whyNot(parts, job) {
    const built = parts.some(({ task, status }) => task.startsWith('build:') && status === 'passed');
    const written = parts.some(({ task, status }) => /^(cache|mounts:save)\b/.test(task) && status === 'passed');
    if (!built || written)
        return '';
    if (job !== undefined && job !== 'success')
        return `the job ended as ${job}`;
    const red = parts.find(({ kind, status }) => kind !== 'advisory' && status !== 'passed' && status !== 'skipped');
    return red === undefined ? undefined : `${red.task} ended ${red.status}`;
}


/***/ }),

/***/ 76769:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  performStage: () => (/* binding */ performStage),
  requestOf: () => (/* binding */ requestOf),
  secretsFor: () => (/* binding */ secretsFor)
});

// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(76760);
// EXTERNAL MODULE: ./.build/src/config/credentials.js
var credentials = __webpack_require__(61524);
// EXTERNAL MODULE: ./.build/src/config/inputs.js + 2 modules
var config_inputs = __webpack_require__(70800);
// EXTERNAL MODULE: ./.build/src/config/parse-text.js
var parse_text = __webpack_require__(60649);
// EXTERNAL MODULE: ./.build/src/build/secrets.js
var secrets = __webpack_require__(43149);
// EXTERNAL MODULE: ./.build/src/errors.js
var errors = __webpack_require__(36624);
// EXTERNAL MODULE: ./.build/src/schema/csv.js
var csv = __webpack_require__(24911);
// EXTERNAL MODULE: ./.build/src/schema/fields.js
var fields = __webpack_require__(23510);
;// CONCATENATED MODULE: ./.build/src/config/secret-inputs.js




/**
 * `secrets` holds names of variables, or `ID=value` lines. Values become secrets in variables of their own; overrides,
 * which a run keeps in a file, have their ids alone. @throws UserError that shows no value
 */
function secretInputsOf({ readWhole, from }) {
    const token = readWhole('github-token')?.trim() ?? '';
    const given = token === '' ? {} : { [secrets/* gitHubToken */.Zd]: token };
    const text = readWhole('secrets') ?? '';
    const place = from('secrets');
    const lines = linesOf(text, place);
    if (!lines.some(({ text: line }) => line.includes('=')))
        return {
            overrides: lines.length === 0 ? [] : [{ path: ['build', 'secrets'], text, from: place }],
            variables: given,
        };
    const pairs = lines.map((line, index) => pairOf(line, { from: place, isFirst: index === 0 }));
    return {
        overrides: [
            {
                path: ['build', 'secret-envs'],
                text: pairs.map(({ id }) => `${id}=${(0,secrets/* variableFor */.S_)(id)}`).join('\n'),
                from: place,
            },
        ],
        variables: { ...given, ...Object.fromEntries(pairs.map(({ id, value }) => [(0,secrets/* variableFor */.S_)(id), value])) },
    };
}
function linesOf(text, from) {
    try {
        return (0,csv/* itemsOf */.S3)(text, { commas: false, trim: false });
    }
    catch {
        throw new errors/* UserError */.yo(`${from}: a secret that begins with a quote must end with one; a quote in it is written twice (not shown)\n${advice}`);
    }
}
// A line may be the rest of a value that lacks its quotes: it is not shown, nor is what looks like its id.
function pairOf({ text, line }, { from, isFirst }) {
    const equals = text.indexOf('=');
    const [id, value] = [text.slice(0, Math.max(0, equals)).trim(), text.slice(equals + 1)];
    if (!fields/* secretIdSchema */.n4.safeParse(id).success)
        throw new errors/* UserError */.yo(`${from}: line ${line} is not ID=value (not shown)\n${advice}`);
    if (/^=?$/.test(value) && !id.endsWith('?') && !isFirst)
        throw new errors/* UserError */.yo(`${from}: the secret in line ${line} is empty (its id is not shown)\nForks' pull requests get no secrets; one that may be empty is written ID?=…\n${advice}`);
    return { id, value };
}
const advice = 'A value of several lines stands in quotes: "ID=value". One with quotes in it goes by a variable, which nothing takes apart: env: { KEY: a secret }, and secret-envs: ID=KEY.';

// EXTERNAL MODULE: ./.build/src/github/job.js
var job = __webpack_require__(78172);
// EXTERNAL MODULE: ./.build/src/perform.js + 200 modules
var perform = __webpack_require__(52122);
// EXTERNAL MODULE: ./.build/src/actions/inputs.js
var actions_inputs = __webpack_require__(1270);
// EXTERNAL MODULE: ./.build/src/build/output.js
var output = __webpack_require__(30631);
// EXTERNAL MODULE: ./.build/src/disk/files.js
var disk_files = __webpack_require__(58870);
// EXTERNAL MODULE: ./.build/src/record/image.js
var record_image = __webpack_require__(6780);
// EXTERNAL MODULE: ./.build/src/record/steps.js
var record_steps = __webpack_require__(9090);
// EXTERNAL MODULE: ./.build/src/run/parts.js
var parts = __webpack_require__(63239);
// EXTERNAL MODULE: ./.build/src/tags/annotations.js
var annotations = __webpack_require__(99275);
// EXTERNAL MODULE: ./.build/src/tags/metadata.js + 5 modules
var tags_metadata = __webpack_require__(10879);
;// CONCATENATED MODULE: ./.build/src/actions/outputs.js








/**
 * Every output that is known, by name; an action's action.yml names those it hands on. Two of them are files of the run:
 * one for bake, and one with all the others, since a long output does not fit into a command's arguments.
 */
async function writeOutputs(done) {
    const { record, run, plan } = done;
    const [name = '', metadata] = Object.entries(plan.metadata)[0] ?? [];
    const files = { 'bake-file': (0,external_node_path_.join)(run.directory, 'bake.json'), 'outputs-file': (0,external_node_path_.join)(run.directory, 'outputs.json') };
    const ofImage = outputsOfImage(name, { record, metadata });
    const names = metadata !== undefined && metadata.places.length > 0 ? metadata.tags : [];
    const outputs = {
        ...outputsOf(done),
        ...(metadata === undefined ? {} : describe(metadata)),
        ...ofImage,
        metadata: JSON.stringify(await buildxMetadata(run.directory, { name, record, digest: ofImage.digest, names })),
        ...files,
    };
    if (metadata !== undefined)
        await (0,disk_files/* writeWhole */.f8)(files['bake-file'], JSON.stringify((0,tags_metadata/* renderBakeFile */.YS)(metadata), undefined, 2));
    const all = Object.entries(plan.metadata).map(([key, one]) => [key, allOf(key, record, one)]);
    await (0,disk_files/* writeWhole */.f8)(files['outputs-file'], JSON.stringify({ ...outputs, 'all-images': Object.fromEntries(all) }, undefined, 2));
    return outputs;
}
const outputsOf = ({ record, run, plan, exitCode }) => ({
    run: run.directory,
    record: (0,parts/* recordFileOf */.fQ)(run.directory),
    verdict: exitCode === 0 ? 'passed' : 'failed',
    images: JSON.stringify(record.images.map(image => placeOf(image, record, plan.metadata[image.name]))),
    pushed: JSON.stringify(record.pushed.map(({ reference, digest }) => `${reference}@${digest}`)),
});
/** Tags and labels as metadata-action hands them on: lists are one a line. */
const describe = (metadata) => ({
    version: metadata.version,
    tags: metadata.tags.join('\n'),
    'tag-names': metadata.tagNames.join('\n'),
    labels: outputs_linesOf(metadata.labels),
    annotations: (0,annotations/* renderAnnotations */.Hp)(metadata.annotations).join('\n'),
    json: JSON.stringify((0,tags_metadata/* renderJson */.hF)(metadata)),
});
const outputs_linesOf = (values) => Object.entries(values)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n');
const allOf = (name, record, metadata) => ({
    ...outputsOfImage(name, { record, metadata }),
    ...(0,tags_metadata/* renderJson */.hF)(metadata),
});
/** What is known of one image: where it is, its digests, how much of it came from a cache. */
function outputsOfImage(name, { record, metadata }) {
    const images = imagesOf(record, name);
    const [first] = images;
    const staged = record.indexes.find(index => index.name === name) ?? first;
    const steps = record.tasks.filter(({ task }) => isBuildOf(name, task)).flatMap(({ vertices }) => vertices ?? []);
    const ratio = (0,record_steps/* cacheHitRatio */.jd)(steps);
    return {
        image: staged === undefined ? '' : placeOf(staged, record, metadata),
        digest: staged?.digest ?? '',
        imageid: first?.config ?? '',
        'platform-digests': JSON.stringify(Object.fromEntries(images.map(({ platform, digest }) => [platform, digest]))),
        'cache-hit-ratio': ratio === undefined ? '' : ratio.toFixed(2),
    };
}
const imagesOf = ({ images }, name) => images.filter(image => image.name === name);
/** `build:web`, and `build:web:linux/arm64` where there are several platforms. */
const isBuildOf = (name, task) => task === `build:${name}` || task.startsWith(`build:${name}:`);
/** Where an image is by digest: in the first repository that it, or its index, was pushed to, else in staging. */
function placeOf(staged, { pushed, indexes }, metadata) {
    const tags = new Set(metadata?.references.map(({ registry, repository, tag }) => `${registry}/${repository}:${tag}`));
    const listed = indexes.filter(({ name, images }) => name === staged.name && images.some(one => one === staged.digest));
    const digests = [staged.digest, ...listed.map(index => index.digest)];
    const found = pushed.find(({ reference, digest }) => digests.includes(digest) && tags.has(reference));
    const repository = found?.reference.replace(/:[^:/]+$/, '');
    return (0,record_image/* referenceOf */.Bz)(repository === undefined ? staged : { ...staged, repository });
}
/** What buildx wrote about a build, with the digest and the names that ship; of several platforms, also by platform. */
async function buildxMetadata(directory, { name, record, digest = '', names }) {
    const images = imagesOf(record, name);
    const shipped = { ...(names.length === 0 ? {} : { 'image.name': names.join(',') }) };
    const all = await Promise.all(images.map(async ({ target, platform, digest: own }) => {
        const files = [platform, 'native'].map(one => `${(0,output/* solveName */.BT)(name, target || 'default', one)}.json`);
        const texts = await Promise.all(files.map(file => (0,disk_files/* readIfThere */.qC)((0,external_node_path_.join)(directory, 'metadata', file))));
        const told = JSON.parse(texts.find(text => text !== undefined) ?? '{}');
        return [platform, { ...withDigest(told, images.length === 1 ? digest : own), ...shipped }];
    }));
    const [only, ...others] = all;
    if (others.length === 0)
        return only?.[1] ?? {};
    return { ...(digest === '' ? {} : { 'containerimage.digest': digest }), ...shipped, ...Object.fromEntries(all) };
}
/** With attestations buildx tells of an index of its own, and always of a name in staging, which nothing else knows. */
function withDigest(told, digest) {
    const { 'image.name': _, ...known } = told;
    const { 'containerimage.digest': before, 'containerimage.descriptor': __, ...rest } = known;
    return before === undefined || before === digest ? known : { ...rest, 'containerimage.digest': digest };
}

;// CONCATENATED MODULE: ./.build/src/actions/stage.js









/** The main step of every action but login: performs its part of the graph, and hands on what came of it. */
async function performStage(name, { host, masker, newmanWorker }) {
    const signal = (0,actions_inputs/* cancelSignal */.B)();
    const secrets = secretsFor(name, host);
    const done = await (0,perform/* perform */.y)(requestOf(name, secrets, host), {
        host,
        env: { ...process.env, ...secrets.variables },
        signal,
        masker,
        newmanWorker,
        opened: run => host.saveState('run', run.directory),
    });
    for (const [output, value] of Object.entries(await writeOutputs(done)))
        host.setOutput(output, value);
    if (done.exitCode !== 0)
        host.fail(reasonOf(done));
}
/** Secrets that are values of inputs, masked. */
function secretsFor(name, host) {
    const secrets = name === 'build' ? secretInputsOf({ readWhole: host.readWhole, from }) : none;
    for (const value of Object.values(secrets.variables))
        if (value !== '')
            host.mask(value);
    return secrets;
}
const from = (input) => `input ${input}`;
const none = { overrides: [], variables: {} };
function requestOf(name, secrets, host) {
    const inputs = { read: host.read.bind(host), from };
    const workspace = process.env.GITHUB_WORKSPACE ?? '.';
    const directory = (0,external_node_path_.resolve)(workspace, host.read('working-directory') ?? '.');
    const read = (input) => {
        if (name !== 'build')
            return host.read(input);
        if (input === 'secrets')
            return undefined;
        return input === 'context' || input === 'file' ? within(directory, host.read(input)) : host.read(input);
    };
    const push = (name === 'root' || name === 'build') && (0,actions_inputs/* isTrue */.H)('push', host);
    const { env } = process;
    const advice = (0,job/* explainMissingPassword */.lY)(env);
    return {
        command: name === 'root' ? 'run' : name,
        push,
        only: (0,parse_text/* splitList */.K)(host.read('only') ?? ''),
        directory,
        file: host.read('config'),
        overrides: [...(0,config_inputs/* overridesOf */.F)(name, read, from), ...secrets.overrides],
        // A fork's job has the user name and no secret: nothing is pushed there, and what is public can be pulled.
        credentials: (0,credentials/* credentialsOf */.Y)(inputs, { use: 'push', needed: push || name === 'push', advice }),
        pullCredentials: (0,credentials/* credentialsOf */.Y)(inputs, { use: 'pull', needed: !(0,job/* isFork */.B0)(env) && !(0,job/* isDependabot */.DS)(env), advice }),
    };
}
/** Workflows write `${{ github.workspace }}/app`, and a configuration what is relative to the repository. */
function within(directory, path) {
    if (path === undefined || !(0,external_node_path_.isAbsolute)(path))
        return path;
    const way = (0,external_node_path_.relative)(directory, path);
    return way === '' ? '.' : way;
}
function reasonOf({ record, exitCode }) {
    const red = record.tasks.filter(({ status, kind }) => kind !== 'advisory' && status !== 'passed' && status !== 'skipped');
    const first = red.find(({ status }) => status === 'failed' || status === 'broken') ?? red[0];
    const why = first?.reason ?? first?.fault?.message ?? 'cancelled';
    return `${first?.task ?? 'pce'} ${first?.status ?? 'failed'}: ${headline(why)} (exit code ${exitCode})`;
}
/** The first line, and with it what a program said, where that line is only how it ended. */
function headline(text) {
    const [first = '', second] = text.split('\n').filter(line => line.trim() !== '');
    return second !== undefined && /ended with exit code \d+ after \S+ \S+$/.test(first)
        ? `${first}: ${second.trim()}`
        : first;
}


/***/ })

};
