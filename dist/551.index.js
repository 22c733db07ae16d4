export const id = 551;
export const ids = [551,672,376];
export const modules = {

/***/ 25551:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  pce: () => (/* binding */ pce)
});

// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(76760);
// EXTERNAL MODULE: ./node_modules/fastest-levenshtein/mod.js
var mod = __webpack_require__(21916);
;// CONCATENATED MODULE: ./.build/package.json
const package_namespaceObject = /*#__PURE__*/JSON.parse('{"rE":"0.1.0","SN":{"O":"https://github.com/org/pce-actions/issues"}}');
// EXTERNAL MODULE: ./.build/src/config/credentials.js
var credentials = __webpack_require__(61524);
// EXTERNAL MODULE: ./.build/src/config/inputs.js + 2 modules
var config_inputs = __webpack_require__(70800);
// EXTERNAL MODULE: ./.build/src/config/parse-text.js
var parse_text = __webpack_require__(60649);
// EXTERNAL MODULE: ./.build/src/errors.js
var errors = __webpack_require__(36624);
// EXTERNAL MODULE: ./.build/src/host/mask.js
var mask = __webpack_require__(80588);
// EXTERNAL MODULE: ./.build/src/record/masked.js
var masked = __webpack_require__(83344);
// EXTERNAL MODULE: ./.build/src/report/terminal.js
var terminal = __webpack_require__(3228);
// EXTERNAL MODULE: ./node_modules/signal-exit/dist/mjs/index.js + 1 modules
var mjs = __webpack_require__(7081);
// EXTERNAL MODULE: ./.build/src/report/rows.js
var rows = __webpack_require__(72833);
// EXTERNAL MODULE: ./.build/src/report/text.js
var report_text = __webpack_require__(91803);
// EXTERNAL MODULE: ./.build/src/host/watch.js
var host_watch = __webpack_require__(75901);
// EXTERNAL MODULE: ./.build/src/host/wording.js
var wording = __webpack_require__(66146);
;// CONCATENATED MODULE: ./.build/src/host/plain.js




const most = 1_000;
/** One line per end and decision, for a log: `[ 12.3s] scan:web:linux/amd64  passed (3.2 s)`. */
function openPlain({ write, paint, verbose, now, beat }) {
    const watch = (0,host_watch/* createWatch */.A)(verbose ? 0 : most);
    const clock = createClock();
    const timer = setInterval(() => {
        const line = (0,wording/* runningLine */.Ek)(watch.running, now());
        if (line !== undefined)
            write([`${clock.stamp(now())} ${line}`]);
    }, beat);
    timer.unref();
    return {
        show(event) {
            clock.start(event.at);
            watch.take(event);
            const lines = linesOf(event, { watch, paint, verbose });
            if (lines.length > 0)
                write(stamped(lines, clock.stamp(event.at)));
        },
        close: () => clearInterval(timer),
    };
}
/** What an event leaves in the log; nothing for most. */
function linesOf(event, { watch, paint, verbose }, tail = most) {
    if (event.type === 'note')
        return (0,report_text/* linesIn */.hl)(event.line);
    if (event.type === 'line')
        return verbose ? (0,report_text/* linesIn */.hl)(event.line).map(line => `${event.task} | ${line}`) : [];
    if (event.type !== 'ended')
        return [];
    const watched = watch.find(event.part.task);
    const kept = verbose || watched === undefined || !(0,rows/* isRed */.iI)(event.part) ? [] : (0,wording/* tailOf */.Cj)(watched, tail);
    return [...(0,wording/* endLines */.z$)(event.part, paint), ...kept.flatMap(report_text/* linesIn */.hl).map(line => `    ${line}`)];
}
const stamped = ([first = '', ...rest], stamp) => [
    `${stamp} ${first}`,
    ...rest.map(line => `${' '.repeat(stamp.length)} ${line}`),
];
/** `[ 12.3s]`: seconds since the first event. */
function createClock() {
    let origin;
    return {
        start(at) {
            origin ??= at;
        },
        stamp: (at) => `[${((at - (origin ?? at)) / 1000).toFixed(1).padStart(5)}s]`,
    };
}

// EXTERNAL MODULE: ./.build/src/task/task.js
var task = __webpack_require__(79324);
// EXTERNAL MODULE: ./node_modules/string-width/index.js + 6 modules
var string_width = __webpack_require__(74292);
;// CONCATENATED MODULE: ./.build/src/host/width.js

const characters = new Intl.Segmenter();
/** Text cut to `width` columns of a terminal; what was cut is shown by `…`. */
function fitTo(text, width) {
    // No character is longer than this for each column that it takes, as a rule; a line may be a megabyte long.
    const head = text.slice(0, width * 8);
    if (head.length === text.length && (0,string_width/* default */.A)(head) <= width)
        return text;
    let kept = '';
    let used = 0;
    for (const { segment } of characters.segment(head)) {
        used += (0,string_width/* default */.A)(segment);
        if (used > width - 1)
            break;
        kept += segment;
    }
    return width < 1 ? '' : `${kept}…`;
}

;// CONCATENATED MODULE: ./.build/src/host/tree.js






const marks = {
    passed: '✓',
    failed: '✗',
    broken: '!',
    cancelled: '×',
    skipped: '-',
    running: '›',
    waiting: '·',
};
const stateOf = (task) => task.part?.status ?? ((0,host_watch/* isRunning */.W)(task) ? 'running' : 'waiting');
/** The tasks by stage, one line each, and a last line that counts them. Never higher or wider than the terminal. */
function renderTree(view) {
    const { tasks, rows, columns } = view;
    const all = tree_linesOf(tasks, view);
    const room = Math.max(1, rows - 2);
    const lines = all.length <= room ? all : tree_linesOf(tasks.filter(isTelling), view).slice(0, room);
    return [...lines, fitTo(footer(view), columns - 1)];
}
/** What is worth a line when there is no room for all. */
const isTelling = (task) => (0,host_watch/* isRunning */.W)(task) || (task.part !== undefined && (0,rows/* isRed */.iI)(task.part));
function tree_linesOf(tasks, view) {
    const stages = [...Map.groupBy(tasks, ({ id }) => (0,task/* stageOf */.gV)(id))];
    const labelled = stages.flatMap(([stage, group]) => {
        const [only] = group;
        if (group.length === 1 && only !== undefined)
            return [{ label: (0,report_text/* oneLine */.TN)(only.id), task: only }];
        const label = (id) => `  ${(0,report_text/* oneLine */.TN)(id === stage ? id : id.slice(stage.length + 1))}`;
        return [{ label: stage, task: undefined }, ...group.map(task => ({ label: label(task.id), task }))];
    });
    const width = Math.max(0, ...labelled.map(({ label }) => label.length));
    return labelled.map(({ label, task }) => task === undefined ? fitTo(`  ${label}`, view.columns - 1) : lineOf(task, label.padEnd(width), view));
}
function lineOf(task, label, { columns, paint, mask, now }) {
    const state = stateOf(task);
    const head = fitTo(` ${label} ${elapsed(task, now).padStart(9)}`, columns - 2);
    const tail = fitTo((0,report_text/* oneLine */.TN)(mask(tailOf(task))), columns - 3 - head.length - 1);
    const mark = state === 'waiting' ? marks.waiting : paint((0,terminal.colourOf)(state), marks[state]);
    return tail === '' ? `${mark}${head}`.trimEnd() : `${mark}${head}  ${paint('dim', tail)}`;
}
function elapsed(task, now) {
    if (task.part !== undefined)
        return (0,rows/* hasRun */.gb)(task.part) ? (0,report_text/* timeOf */.nR)((0,rows/* durationOf */.cf)(task.part)) : '';
    return task.started === undefined ? '' : seconds(now - task.started);
}
/** Running tasks count in one unit, so that the number does not jump. */
const seconds = (ms) => `${(Math.max(0, ms) / 1000).toFixed(1)} s`;
function tailOf({ part, lines }) {
    if (part === undefined)
        return (0,report_text/* cut */.Jj)(lines.findLast(line => line.trim() !== '') ?? '', 10_000);
    if (part.status === 'passed')
        return '';
    const reason = (0,report_text/* firstLine */.TM)(part.reason ?? part.fault?.message ?? '');
    return reason === '' ? part.status : `${part.status}: ${reason}`;
}
const order = ['running', 'waiting', 'passed', 'failed', 'broken', 'cancelled', 'skipped'];
function footer({ tasks, now, began }) {
    const counted = Map.groupBy(tasks, stateOf);
    const said = order.flatMap(state => (counted.has(state) ? [`${counted.get(state)?.length} ${state}`] : []));
    return `${[...said].join(', ')}  ${seconds(now - began)}`;
}

;// CONCATENATED MODULE: ./.build/src/host/live.js





/** ms between two drawings */
const pace = 100;
/** lines of output shown of a task that ended badly */
const tail = 20;
// ECMA-48: CUU, ED; DEC private modes 25 (cursor) and 2026 (draw at once, ignored by terminals that don't know it).
const hideCursor = '\x1b[?25l';
const showCursor = '\x1b[?25h';
const upAndClear = (lines) => (lines === 0 ? '\r\x1b[J' : `\r\x1b[${lines}A\x1b[J`);
const atOnce = (text) => `\x1b[?2026h${text}\x1b[?2026l`;
/** The tree shows what passed; what did not must stay when the tree is gone. */
const staysAbove = (event) => event.type !== 'ended' || (0,rows/* isRed */.iI)(event.part);
/** A tree of tasks that is redrawn in place; what must stay is printed above it. */
function openLive({ stream, mask, paint, verbose, now }) {
    const watch = (0,host_watch/* createWatch */.A)(200);
    const began = now();
    let height = 0;
    let above = [];
    let closed = false;
    const draw = (tasks = watch.all) => {
        const { columns = 80, rows = 24 } = stream;
        const tree = tasks.length === 0 ? [] : renderTree({ tasks, now: now(), began, columns, rows, paint, mask });
        const text = [...above.map(mask), ...tree].map(line => `${line}\n`).join('');
        if (height > 0 || text !== '')
            stream.write(atOnce(upAndClear(height) + text));
        height = tree.length;
        above = [];
    };
    const timer = setInterval(() => draw(), pace);
    timer.unref();
    // Also when a signal ends the process: a terminal without a cursor outlives it.
    const forget = (0,mjs/* onExit */.cf)(() => {
        stream.write(showCursor);
    });
    stream.write(hideCursor);
    return {
        show(event) {
            watch.take(event);
            if (staysAbove(event))
                above.push(...linesOf(event, { watch, paint, verbose }, tail));
            if (closed)
                draw([]);
        },
        close() {
            if (closed)
                return;
            closed = true;
            clearInterval(timer);
            draw([]);
            stream.write(showCursor);
            forget();
        },
    };
}

;// CONCATENATED MODULE: ./.build/src/host/terminal.js





/** The host of `pce`: a live tree in a terminal, plain lines elsewhere. */
function openTerminal(options) {
    const { stream, env, read } = options;
    const { masker = (0,mask/* createMasker */.a)() } = options;
    const colour = wantsColour(stream, env);
    const display = openDisplay(options, { mask: masker.apply, colour });
    return {
        read: name => read(name) || undefined,
        mask: masker.add,
        show: display.show,
        async end(record) {
            display.close();
            stream.write(`\n${(0,terminal.renderTerminal)((0,masked/* maskRecord */.W)(record, masker.apply), { colour })}`);
        },
        close: display.close,
    };
}
function openDisplay(options, { mask, colour }) {
    const { stream, env, verbose = false, now = Date.now, beat = 30_000 } = options;
    const shared = { paint: (0,terminal.painter)(colour), verbose, now };
    if (isLive(stream, env))
        return openLive({ ...shared, stream, mask });
    return openPlain({ ...shared, beat, write: lines => stream.write(`${lines.map(mask).join('\n')}\n`) });
}
const isLive = ({ isTTY }, env) => isTTY === true && !env.CI && env.TERM !== 'dumb';
/** FORCE_COLOR before NO_COLOR (no-color.org), then whether it is a terminal: as Node's own `getColorDepth` does. */
function wantsColour({ isTTY }, env) {
    const force = env.FORCE_COLOR;
    if (force !== undefined)
        return force !== '0' && force !== 'false';
    return !env.NO_COLOR && isTTY === true && env.TERM !== 'dumb';
}

// EXTERNAL MODULE: ./.build/src/perform.js + 200 modules
var perform = __webpack_require__(52122);
// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(51455);
// EXTERNAL MODULE: ./.build/src/docker/compose.js
var compose = __webpack_require__(72072);
// EXTERNAL MODULE: ./.build/src/docker/docker.js
var docker = __webpack_require__(74014);
// EXTERNAL MODULE: ./.build/src/run/close.js
var run_close = __webpack_require__(38529);
// EXTERNAL MODULE: ./.build/src/run/run.js
var run_run = __webpack_require__(27640);
;// CONCATENATED MODULE: ./.build/src/run/clean.js






/** Closes the runs below `base` that no living process works in, then whatever of this checkout has no run any more. */
async function cleanRuns(base, engine) {
    const cleaned = [];
    for (const id of await runsBelow(base)) {
        const one = await cleanRun({ id, directory: (0,external_node_path_.join)(base, id) }, engine);
        if (one !== undefined)
            cleaned.push(one);
    }
    const busy = cleaned.filter(({ what }) => what.startsWith('left')).map(({ id }) => id);
    return [...cleaned, ...(await cleanOrphans(base, busy, engine))];
}
const runsBelow = async (base) => (await (0,promises_.readdir)(base, { withFileTypes: true }).catch(() => []))
    .filter(entry => entry.isDirectory() && /^[0-9a-f]{8}$/.test(entry.name))
    .map(({ name }) => name);
/** The state of a run that the machine stopped in: nobody works there. */
const unreadable = { open: true, pid: process.pid };
async function cleanRun(run, engine) {
    const state = await (0,run_run/* readState */.un)(run.directory).catch(() => unreadable);
    if (state === undefined || !state.open)
        return undefined;
    if (state.pid !== process.pid && (0,run_run/* isAlive */._n)(state.pid))
        return { id: run.id, what: 'left: it is being worked in', faults: [] };
    const faults = await (0,run_close/* closeRun */.Ql)(run, engine);
    return { id: run.id, what: faults.length === 0 ? 'closed' : 'left: not everything went', faults };
}
// A run's folder may have been deleted while its containers live: they carry the label of this checkout's runs.
async function cleanOrphans(base, busy, engine) {
    const ids = new Set([...(await labelled(base, engine)), ...(await builders(base, engine))]);
    const cleaned = [];
    for (const id of [...ids].filter(one => !busy.includes(one))) {
        const faults = [await (0,compose/* composeDown */.Dy)((0,run_run/* projectOf */.v8)(id), engine), await (0,run_close/* removeBuilder */.iq)((0,run_run/* projectOf */.v8)(id), engine)];
        const left = faults.filter(fault => fault !== undefined);
        cleaned.push({ id, what: left.length === 0 ? 'closed' : 'left: not everything went', faults: left });
    }
    return cleaned;
}
async function labelled(base, engine) {
    const argv = ['ps', '--all', '--filter', `label=${run_run/* baseLabel */.ku}=${base}`, '--format', '{{.Label "dev.pce.run"}}'];
    const { stdout } = await (0,docker/* tryDocker */.IY)('Look for containers', argv, engine);
    return stdout.split('\n').filter(Boolean);
}
async function builders(base, engine) {
    const list = await (0,docker/* tryDocker */.IY)('Look for builders', ['ps', '--all', '--quiet', '--filter', 'name=buildx_buildkit_pce-'], engine);
    const containers = list.stdout.split('\n').filter(Boolean);
    if (containers.length === 0)
        return [];
    const argv = ['inspect', '--format', '{{json .Config.Env}}', ...containers];
    const { stdout } = await (0,docker/* tryDocker */.IY)('Look at builders', argv, engine);
    const environments = stdout
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line));
    return environments
        .filter(env => env.includes(`PCE_BASE=${(0,run_run/* markOf */.Fg)(base)}`))
        .flatMap(env => env.find(entry => entry.startsWith('PCE_RUN='))?.slice(8) ?? []);
}

// EXTERNAL MODULE: ./.build/src/run/environment.js
var environment = __webpack_require__(61076);
// EXTERNAL MODULE: ./.build/src/run/parts.js
var parts = __webpack_require__(63239);
// EXTERNAL MODULE: external "node:util"
var external_node_util_ = __webpack_require__(57975);
// EXTERNAL MODULE: ./.build/src/config/alternatives.js
var alternatives = __webpack_require__(60520);
// EXTERNAL MODULE: ./.build/src/config/shape.js
var shape = __webpack_require__(88583);
;// CONCATENATED MODULE: ./.build/src/cli/flags.js






const common = { help: 'h', verbose: 'v', json: undefined };
/**
 * Takes the flags of a command: those of its action, which are the keys of its section in `pce.yml`.
 * @throws UserError that names the flag and the nearest one there is.
 */
function parseFlags(argv, action, more = []) {
    const inputs = action === undefined ? [] : config_inputs/* actions */.o[action].inputs.filter(isFlag);
    const texts = [...inputs.map(({ name }) => name), ...more];
    const booleans = Object.keys(common);
    const options = Object.fromEntries([
        ...texts.map(name => [name, { type: 'string', multiple: true }]),
        ...booleans.map(name => [name, { type: 'boolean', ...flags_short(name) }]),
    ]);
    const switches = new Set(inputs.filter(isSwitch).map(({ name }) => `--${name}`));
    const { values, positionals } = parsed(withValues(argv, switches), options, [...texts, ...booleans]);
    return {
        words: positionals,
        has: name => isSet(name, values[name]),
        read(name) {
            const value = values[name];
            return Array.isArray(value) && value.length > 0 ? value.join('\n') : undefined;
        },
    };
}
/** A switch that is no key of `pce.yml`; the last one counts. @throws UserError for a value that is none of a switch */
function isSet(name, value) {
    const text = Array.isArray(value) ? String(value.at(-1)).trim().toLowerCase() : String(value === true);
    if (text === 'true' || text === 'false')
        return text === 'true';
    throw new errors/* UserError */.yo(`--${name}: found "${text}", expected true or false`);
}
/** Secrets come from variables, and only a job on GitHub has a status. */
const isFlag = ({ name, secret }) => secret !== true && name !== 'job-status';
/** True where `true` is a value, so that the flag may stand alone, as it does with docker: `--no-cache`. */
const isSwitch = ({ name, path }) => name === 'push' || (path !== undefined && (0,alternatives/* typesOf */.pl)((0,shape/* shapeAt */.ln)(path) ?? {}).has('boolean'));
const withValues = (argv, switches) => argv.map((word, index) => (switches.has(word) && /^(-.*)?$/.test(argv[index + 1] ?? '') ? `${word}=true` : word));
const variableOf = (flag = '') => `PCE_${flag.toUpperCase().replace('-', '_')}`;
const flags_short = (name) => {
    const letter = name === 'help' || name === 'verbose' ? common[name] : undefined;
    return letter === undefined ? {} : { short: letter };
};
function parsed(argv, options, names) {
    try {
        return (0,external_node_util_.parseArgs)({ args: [...argv], options, allowPositionals: true, strict: true });
    }
    catch (cause) {
        const message = cause instanceof Error ? cause.message : String(cause);
        const [, flag] = /'--?([^'=\s]+)/.exec(message) ?? [];
        const near = flag === undefined || names.includes(flag) ? '' : `; did you mean --${(0,mod/* closest */.kp)(flag, [...names])}?`;
        const secret = /^(pull-)?password$/.test(flag ?? '')
            ? `\nA password is not given on the command line: set ${variableOf(flag)}.`
            : '';
        throw new errors/* UserError */.yo(`${message.split('. ')[0]}${secret === '' ? near : secret}`, { cause });
    }
}

;// CONCATENATED MODULE: ./.build/src/cli/help.js


const summaries = {
    run: 'the whole pipeline, up to the gate; with --push also the push',
    plan: 'what would be done, as a tree; nothing is started',
    build: 'build the image and stage it by digest',
    check: 'source checks and the linter of the Dockerfile',
    scan: 'scan the source and the image',
    test: 'unit tests, image contract, and Postman collections against the image',
    push: 'push what the verdicts of this run clear',
    report: 'render run.json: pce report run.json --as summary|annotations|junit|terminal|json',
    lock: 'write pce.lock, which pins base images, frontends and BuildKit: pce lock run.json; which tags moved since: pce lock check',
    schema: 'print the JSON Schema of pce.yml (or of run.json: pce schema run)',
    clean: 'take down what runs of this checkout left behind',
};
const isCommand = (word) => word in summaries;
const commandNames = Object.keys(summaries);
const renderHelp = () => `pce: from a commit to a checked, tested, scanned image

Usage: pce <command> [flags]

${Object.entries(summaries)
    .map(([name, summary]) => `  ${name.padEnd(8)}${summary}`)
    .join('\n')}

Flags of every command:
  --help, -h           this text, or that of a command
  --version            the version of pce
  --verbose, -v        the output of every program, not only of those that fail
  --json               the result on standard output as JSON

Registries: the login for a push comes from PCE_USERNAME and PCE_PASSWORD, or from your own docker login; that for pulls
from them from PCE_PULL_USERNAME and PCE_PULL_PASSWORD.
Exit codes: 0 every blocking verdict passed, 1 one did not, 2 bad input, 3 something outside failed, 70 a bug of pce.
`;
/** The flags of one command, from the table that its action has. */
function renderCommandHelp(command, action) {
    const inputs = action === undefined
        ? []
        : config_inputs/* actions */.o[action].inputs.filter(input => isFlag(input) && !input.name.endsWith('username'));
    const lines = inputs.map(({ name, description, default: usual, usual: words }) => {
        const fallback = usual ?? words;
        return `  --${name.padEnd(20)} ${description}${fallback === undefined ? '' : ` (default: ${fallback})`}`;
    });
    return [`pce ${command}: ${summaries[command]}`, ...(lines.length > 0 ? ['', ...lines] : []), ''].join('\n');
}

// EXTERNAL MODULE: ./.build/src/disk/files.js
var files = __webpack_require__(58870);
// EXTERNAL MODULE: ./.build/src/pipeline/perform.js
var pipeline_perform = __webpack_require__(79583);
;// CONCATENATED MODULE: ./.build/src/cli/interrupt.js


/**
 * A reader that goes away (`pce run 2>&1 | head`) would else end the process by EPIPE in the midst of its work, and
 * what it made would stay.
 */
function outliveReaders() {
    for (const stream of [process.stdout, process.stderr]) {
        stream.on('error', error => {
            if ((0,files/* codeOf */.$N)(error) !== 'EPIPE')
                throw error;
        });
    }
}
/**
 * The first Ctrl-C cancels and cleans up, the second stops at once: `pce clean` then takes down what is left. Who closes
 * standard error cancels too, as it is with other programs. `closes`: whether the command takes its run down at its end.
 */
function onInterrupt(control, host, closes) {
    const handle = (signal) => {
        if (control.signal.aborted) {
            host.close();
            console.error('Stopped at once; pce clean takes down what is left.');
            process.exit(130);
        }
        const after = closes
            ? 'what the run made is taken down'
            : 'the run stays for the next command: pce clean takes it down';
        const line = `Cancelling: programs are ended, and ${after}. Again to stop at once.`;
        host.show({ type: 'note', at: Date.now(), line });
        control.abort(new pipeline_perform/* Cancelled */.cJ(`cancelled by ${signal}`));
    };
    const unread = () => control.abort(new pipeline_perform/* Cancelled */.cJ('cancelled: nobody reads the output any more'));
    process.stderr.on('error', unread);
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    for (const signal of signals)
        process.on(signal, handle);
    return () => {
        process.stderr.off('error', unread);
        for (const signal of signals)
            process.off(signal, handle);
    };
}

// EXTERNAL MODULE: ./.build/src/program/run.js + 1 modules
var run = __webpack_require__(16980);
// EXTERNAL MODULE: ./.build/src/record/image.js
var record_image = __webpack_require__(6780);
;// CONCATENATED MODULE: ./.build/src/build/drift.js




/** ms in which a registry answers */
const deadline = 60_000;
/**
 * Asks the registries what the tags of a lock point at, with the user's own docker login. BuildKit's image is asked for
 * where it was locked by a tag. @throws OutsideError for a registry that does not tell
 */
const checkLock = (lock, engine) => Promise.all([...Object.entries(lock.images), ...taggedIn(lock)].map(async ([image, locked]) => ({
    image,
    locked,
    now: await digestNow(image, engine),
})));
function taggedIn({ buildkit }) {
    const [image = '', digest = ''] = buildkit?.image?.split('@', 2) ?? [];
    return /:[^/:]+$/.test(image) ? [[image, digest]] : [];
}
async function digestNow(image, engine) {
    const title = `Look at ${image}`;
    const argv = ['buildx', 'imagetools', 'inspect', '--format', '{{.Manifest.Digest}}', image];
    const limit = AbortSignal.timeout(deadline);
    const end = await (0,docker/* tryDocker */.IY)(title, argv, { ...engine, signal: limit }).catch((cause) => {
        if (!limit.aborted)
            throw cause;
        throw new errors/* OutsideError */.Cp(`${title}: its registry said nothing for ${deadline / 1000} s\n${advice}`, { cause });
    });
    const digest = end.stdout.trim();
    if (end.exitCode === 0 && (0,record_image/* isDigest */.Bc)(digest))
        return digest;
    throw new errors/* OutsideError */.Cp(`${(0,run/* failureOf */.g5)({ title, argv: ['docker'] }, end)}\n${advice}`);
}
const advice = 'See that the registry is reachable, that the tag is still there, and that docker login has been done.';

// EXTERNAL MODULE: ./.build/src/build/lock.js
var build_lock = __webpack_require__(85889);
;// CONCATENATED MODULE: ./.build/src/cli/print.js

/** Writes data to standard output, with a line end. Gives exit code 0. */
function print(text) {
    process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
    return 0;
}
/** Tells people something on standard error. It may quote files of a stranger's repository, and no terminal obeys those. */
const tell = (text) => console.error((0,report_text/* plain */.pj)(text));

// EXTERNAL MODULE: ./node_modules/zod/v4/core/json-schema-processors.js
var json_schema_processors = __webpack_require__(98439);
// EXTERNAL MODULE: ./.build/src/record/record.js
var record = __webpack_require__(32692);
// EXTERNAL MODULE: ./.build/src/config/mention.js
var mention = __webpack_require__(52268);
// EXTERNAL MODULE: ./.build/src/config/schema.js + 5 modules
var config_schema = __webpack_require__(61443);
;// CONCATENATED MODULE: ./.build/src/config/json-schema.js





/** The JSON Schema of `pce.yml`, draft 7, which editors know best. */
function configJsonSchema() {
    const { $schema, ...schema } = json_schema_processors/* toJSONSchema */.bl(config_schema/* configSchema */.Qn, {
        io: 'input',
        target: 'draft-7',
        override({ jsonSchema, path }) {
            // The mark that tells readers of text what may be split says nothing to an editor.
            delete jsonSchema.list;
            const { pattern } = jsonSchema;
            // One schema may come here more than once.
            if (pattern !== undefined && mayMention(path) && !pattern.endsWith(mention/* mentionPattern */.Ze))
                jsonSchema.pattern = `${pattern}|${mention/* mentionPattern */.Ze}`;
        },
    });
    const description = 'From a commit to a checked, tested, scanned image in a registry';
    return {
        $schema,
        title: 'pce.yml',
        description,
        ...schema,
        properties: { ...schema.properties, images: json_schema_images(schema) },
    };
}
/** True for values of an image: its matrix fills them in, so they need not yet be what they will be. */
const mayMention = ([, key, ...rest]) => (key === 'image' || key === 'images' || (0,config_schema/* isImageKey */.lu)(key)) && rest.at(-1) !== 'propertyNames';
/** One of several images need not have the keys that the root gives to all, so nothing inside its sections is required. */
function json_schema_images({ properties }) {
    const text = JSON.stringify(properties?.images, (key, value) => (key === 'required' ? undefined : value));
    return JSON.parse(text);
}
/** The JSON Schema of `run.json`, draft 7. */
function recordJsonSchema() {
    const { $schema, ...schema } = json_schema_processors/* toJSONSchema */.bl(record/* recordSchema */.fi, {
        io: 'input',
        target: 'draft-7',
        unrepresentable: 'any',
        override: ({ zodSchema, jsonSchema }) => {
            if (zodSchema === record_image/* digestSchema */.er)
                Object.assign(jsonSchema, { type: 'string', pattern: '^sha256:[0-9a-f]{64}$' });
        },
    });
    return { $schema, title: 'run.json', description: 'Everything that a run did', ...schema };
}

// EXTERNAL MODULE: ./.build/src/report/annotations.js
var annotations = __webpack_require__(98672);
// EXTERNAL MODULE: ./.build/src/report/timing.js
var timing = __webpack_require__(82086);
;// CONCATENATED MODULE: ./.build/src/report/xml.js

/** Text of an XML 1.0 document: only its characters (section 2.2), and none that is markup. */
const content = (text) => (0,report_text/* plain */.pj)(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
/** Line ends would become spaces in an attribute (section 3.3.3), were they not written as references. */
const attribute = (text) => content(text).replaceAll('"', '&quot;').replaceAll('\n', '&#10;').replaceAll('\t', '&#9;');
/** An element with its children, which are XML already. */
function xml_element(name, attributes, children = []) {
    const written = Object.entries(attributes)
        .filter(([, value]) => value !== undefined)
        .map(([key, value]) => ` ${key}="${attribute(String(value))}"`)
        .join('');
    return children.length === 0 ? `<${name}${written}/>` : `<${name}${written}>${children.join('')}</${name}>`;
}
/** An element around text. */
const textElement = (name, attributes, text) => xml_element(name, attributes, text === '' ? [] : [content(text)]);

;// CONCATENATED MODULE: ./.build/src/report/junit.js




/**
 * JUnit XML by Jenkins' schema (jenkinsci/xunit-plugin, junit-10.xsd), which knows no `file` or `line` of a test case:
 * places are in the text. One suite for each suite of a task's tests, and one, `pce`, with a case for each verdict.
 */
function renderJunit(record) {
    const suites = [verdictSuite(record), ...record.tasks.flatMap(testSuites)];
    const attributes = { name: 'pce', time: junit_seconds((0,timing/* totalOf */.e6)(record)), ...countsOf(suites.flatMap(({ cases }) => cases)) };
    const { skipped: _, ...known } = attributes;
    return `<?xml version="1.0" encoding="UTF-8"?>\n${xml_element('testsuites', known, ['\n', ...suites.map(renderSuite)])}\n`;
}
const verdictSuite = (record) => ({
    name: 'pce',
    timestamp: record.started,
    cases: (0,rows/* rowsOf */.RO)(record).map(caseOfRow),
});
function testSuites({ task, started, tests = [] }) {
    return [...Map.groupBy(tests, ({ suite }) => suite)].map(([name, group]) => ({
        name: (0,report_text/* oneLine */.TN)(`${task}: ${name}`),
        timestamp: started,
        cases: group.map(caseOfTest),
    }));
}
const caseOfTest = ({ suite, name, duration, status, message = '', detail = '', location }) => ({
    name,
    classname: suite,
    duration,
    outcome: status,
    message,
    text: lines(location === undefined ? '' : `at ${[location.file, location.line].filter(Boolean).join(':')}`, message, detail),
});
const caseOfRow = (row) => ({
    name: row.about === '' ? row.task : `${row.task} (${row.about})`,
    classname: 'pce',
    duration: row.duration ?? 0,
    outcome: outcomeOf(row),
    message: messageOf(row),
    text: lines(row.reason ?? '', ...row.findings.map(renderFinding)),
});
/** JUnit has no word for a check that may fail: advisory ones are skipped, so that they read neither red nor clean. */
function outcomeOf(row) {
    if (!(0,rows/* isRed */.iI)(row))
        return row.status === 'passed' ? 'passed' : 'skipped';
    if (row.kind === 'advisory')
        return 'skipped';
    return row.status === 'failed' ? 'failed' : 'error';
}
function messageOf(row) {
    const meaning = row.status === 'broken' && row.kind !== 'work' ? 'could not look' : (0,rows/* stateOf */.L4)(row);
    return (0,report_text/* oneLine */.TN)(row.reason === undefined ? meaning : `${meaning}: ${row.reason.split('\n', 1)[0]}`);
}
const renderFinding = (finding) => (0,report_text/* oneLine */.TN)(`${finding.severity} ${finding.rule} ${(0,rows/* placeOf */.$t)(finding)}: ${finding.message}`);
const lines = (...all) => all.filter(line => line !== '').join('\n');
function renderSuite({ name, timestamp, cases }) {
    const time = junit_seconds(cases.reduce((sum, { duration }) => sum + duration, 0));
    return `${xml_element('testsuite', { name, ...countsOf(cases), time, timestamp }, ['\n', ...cases.map(renderCase)])}\n`;
}
const countsOf = (cases) => ({
    tests: cases.length,
    failures: cases.filter(({ outcome }) => outcome === 'failed').length,
    errors: cases.filter(({ outcome }) => outcome === 'error').length,
    skipped: cases.filter(({ outcome }) => outcome === 'skipped').length,
});
const elementFor = { failed: 'failure', error: 'error', skipped: 'skipped' };
function renderCase({ name, classname, duration, outcome, message, text }) {
    const end = outcome === 'passed'
        ? []
        : [textElement(elementFor[outcome], { message: (0,report_text/* oneLine */.TN)(message) || undefined, type: outcome }, text)];
    return `${xml_element('testcase', { name: (0,report_text/* oneLine */.TN)(name), classname: (0,report_text/* oneLine */.TN)(classname), time: junit_seconds(duration) }, end)}\n`;
}
const junit_seconds = (ms) => (ms / 1000).toFixed(3);

// EXTERNAL MODULE: ./.build/src/report/summary.js + 3 modules
var summary = __webpack_require__(83376);
;// CONCATENATED MODULE: ./.build/src/report/render.js




const formats = ['summary', 'annotations', 'junit', 'terminal', 'json'];
const renderers = {
    summary: record => (0,summary.renderSummary)(record),
    annotations: record => (0,annotations.renderAnnotations)(record)
        .map(annotation => `${(0,annotations.renderCommand)(annotation)}\n`)
        .join(''),
    junit: renderJunit,
    terminal: record => (0,terminal.renderTerminal)(record),
    json: record => `${JSON.stringify(record, undefined, 2)}\n`,
};
const isFormat = (text) => formats.some(format => format === text);
/** A record as text, for `pce report run.json --as junit`. */
const renderAs = (format, record) => renderers[format](record);

;// CONCATENATED MODULE: ./.build/src/cli/report.js







/** `pce report run.json --as junit`: renders a record. @throws UserError */
async function report(flags) {
    const [file] = flags.words;
    const format = flags.read('as') ?? 'terminal';
    if (file === undefined)
        throw new errors/* UserError */.yo('pce report needs the path of a run.json');
    if (!isFormat(format))
        throw new errors/* UserError */.yo(`--as: found "${format}", expected one of ${formats.join(', ')}`);
    return print(renderAs(format, await readRecord(file)));
}
/** The record of a run. @throws UserError */
async function readRecord(file) {
    const text = await (0,promises_.readFile)((0,external_node_path_.resolve)(file), 'utf8').catch(cause => {
        throw new errors/* UserError */.yo(`can't read ${file}: ${cause.message}`, { cause });
    });
    try {
        return record/* recordSchema */.fi.parse(JSON.parse(text));
    }
    catch (cause) {
        throw new errors/* UserError */.yo(`${file} is not a run.json of this version of pce`, { cause });
    }
}
/** `pce schema`, `pce schema run`: prints a JSON Schema. @throws UserError */
function schema({ words: [which = 'config'] }) {
    if (which === 'config')
        return print(JSON.stringify(configJsonSchema(), undefined, 2));
    if (which === 'run')
        return print(JSON.stringify(recordJsonSchema(), undefined, 2));
    throw new errors/* UserError */.yo(`pce schema: found "${which}", expected config or run`);
}

;// CONCATENATED MODULE: ./.build/src/cli/lock.js








/**
 * `pce lock run.json`: pins what the images of that run were built on, and with. `pce lock check`: tells which tags have
 * moved since; the exit code is 1 where one has. @throws UserError, OutsideError
 */
async function lock({ words: [word] }, { env }) {
    if (word === undefined)
        throw new errors/* UserError */.yo('pce lock needs the path of a run.json, that of a run which built, or the word check');
    return word === 'check' ? check({ env }) : write(word);
}
async function write(file) {
    const record = await readRecord(file);
    const bases = record.tasks.flatMap(task => task.bases ?? []);
    const buildkit = buildkitOf(record);
    const twice = bases.find(base => bases.some(other => other.image === base.image && other.digest !== base.digest));
    if (bases.length === 0 && buildkit === undefined)
        throw new errors/* UserError */.yo(`${file} tells of no base image and no BuildKit: build first, pce build`);
    if (twice !== undefined)
        throw new errors/* UserError */.yo(`${file} tells of two digests of ${twice.image}: it moved during the run\nBuild anew, pce build.`);
    await (0,files/* writeWhole */.f8)((0,external_node_path_.resolve)(build_lock/* lockFile */.Ke), (0,build_lock/* renderLock */.wC)(bases, buildkit), 0o644);
    const images = (0,report_text/* count */.U9)(new Set(bases.map(({ image }) => image)).size, 'image');
    return print(`${build_lock/* lockFile */.Ke}: ${[images, ...(buildkit === undefined ? [] : [wordsFor(buildkit)])].join(', ')}`);
}
async function check(engine) {
    const lock = await (0,build_lock/* readLock */.mF)((0,external_node_path_.resolve)('.'));
    if (lock === undefined)
        throw new errors/* UserError */.yo(`there is no ${build_lock/* lockFile */.Ke} here\nBuild, then write one: pce lock run.json`);
    const checked = await checkLock(lock, engine);
    const moved = checked.filter(({ locked, now }) => locked !== now);
    const lines = moved.map(({ image, locked, now }) => `${image}\n  locked ${locked}\n  now    ${now}\n`);
    const sum = `${build_lock/* lockFile */.Ke}: ${moved.length} of ${(0,report_text/* count */.U9)(checked.length, 'tag')} moved`;
    print([...lines, sum].join(''));
    return moved.length === 0 ? 0 : 1;
}
/** That of the first node; the image of one that came from no registry can't be had again. */
function buildkitOf({ programs }) {
    const all = programs.filter(({ name }) => name === 'buildkit');
    const { version, image } = all.find(one => (0,build_lock/* digestOf */.ol)(one.image) !== undefined) ?? all[0] ?? {};
    if (version === undefined)
        return undefined;
    return (0,build_lock/* digestOf */.ol)(image) === undefined ? { version } : { version, image };
}
const wordsFor = ({ version, image }) => `BuildKit ${version}${image === undefined ? ', its version alone' : ''}`;

// EXTERNAL MODULE: ./.build/src/pipeline/order.js
var pipeline_order = __webpack_require__(29210);
;// CONCATENATED MODULE: ./.build/src/cli/tree.js

/** Pure: the plan as a tree, from its ends to what they wait for; what was drawn before is named only. */
function tree_renderTree({ goals, tasks }) {
    const drawn = new Set();
    const ends = tasks.filter(task => !tasks.some(other => (0,pipeline_order/* waitsFor */.is)(other).includes(task)));
    const roots = ends.length > 0 ? ends : goals.run;
    return roots.flatMap(root => draw(root, '', '', drawn)).join('\n');
}
function draw(task, lead, indent, drawn) {
    const again = drawn.has(task) && (0,pipeline_order/* waitsFor */.is)(task).length > 0;
    drawn.add(task);
    const line = `${lead}${task.id}${task.kind === 'work' ? '' : `  (${task.kind})`}${again ? '  (see above)' : ''}`;
    if (again)
        return [line];
    const below = (0,pipeline_order/* waitsFor */.is)(task);
    return [
        line,
        ...below.flatMap((need, index) => {
            const last = index === below.length - 1;
            return draw(need, `${indent}${last ? '└─ ' : '├─ '}`, `${indent}${last ? '   ' : '│  '}`, drawn);
        }),
    ];
}
/** Pure: the plan as data. */
const planAsJson = ({ hash, tasks }) => ({
    hash,
    tasks: tasks.map(({ id, kind, request, weight, deadline, needs, judges }) => ({
        id,
        kind,
        needs: needs.map(need => need.id),
        judges: judges.map(need => need.id),
        request,
        weight,
        deadline,
    })),
});

;// CONCATENATED MODULE: ./.build/src/cli/pce.js





















/** Runs one command; gives its exit code. People's output goes to standard error, data to standard output. */
async function pce(terminal) {
    outliveReaders();
    try {
        return await dispatch(terminal);
    }
    catch (error) {
        tell(describe(error));
        return (0,errors/* exitCodeOf */.FO)(error);
    }
}
async function dispatch({ argv: [word = '--help', ...argv], ...terminal }) {
    if (word === '--version')
        return print(package_namespaceObject.rE);
    if (word === '--help' || word === '-h' || word === 'help')
        return print(renderHelp());
    if (!isCommand(word))
        throw new errors/* UserError */.yo(`pce has no command ${word}; did you mean ${(0,mod/* closest */.kp)(word, [...commandNames])}? See pce --help`);
    const action = actionOf(word);
    const flags = parseFlags(argv, action, word === 'report' ? ['as'] : []);
    if (flags.has('help'))
        return print(renderCommandHelp(word, action));
    if (action !== undefined)
        checkWords(word, flags);
    if (word === 'plan')
        return plan(flags, terminal);
    if (word === 'report')
        return report(flags);
    if (word === 'lock')
        return lock(flags, terminal);
    if (word === 'schema')
        return schema(flags);
    if (word === 'clean')
        return clean(flags, terminal);
    return work(word, flags, terminal);
}
/** @throws UserError for a word that would be ignored: an image is named by a flag, a checkout too */
function checkWords(command, { words: [word] }) {
    if (word !== undefined)
        throw new errors/* UserError */.yo(`pce ${command} takes no word "${word}": what it takes are flags, see pce ${command} --help`);
}
/** The action whose inputs are the flags of a command. */
const actionOf = (word) => {
    if (word === 'report' || word === 'schema' || word === 'lock')
        return undefined;
    return word === 'run' || word === 'plan' || word === 'clean' ? 'root' : word;
};
async function work(command, flags, { env, newmanWorker }) {
    const control = new AbortController();
    const masker = (0,mask/* createMasker */.a)();
    const host = openTerminal({ stream: process.stderr, env, read: flags.read, verbose: flags.has('verbose'), masker });
    const release = onInterrupt(control, host, command === 'run');
    try {
        const request = requestOf(command, flags, env);
        const done = await (0,perform/* perform */.y)(request, { host, env, signal: control.signal, masker, newmanWorker, opened: () => { } });
        tell(`Record: ${(0,parts/* recordFileOf */.fQ)(done.run.directory)}`);
        if (flags.has('json'))
            print(JSON.stringify(done.record, undefined, 2));
        return control.signal.aborted ? 130 : done.exitCode;
    }
    finally {
        host.close();
        release();
    }
}
function requestOf(command, flags, env) {
    const variables = {
        username: 'PCE_USERNAME',
        password: 'PCE_PASSWORD',
        'pull-username': 'PCE_PULL_USERNAME',
        'pull-password': 'PCE_PULL_PASSWORD',
    };
    const read = (name) => flags.read(name) ?? env[variables[name] ?? ''];
    const from = (name) => (flags.read(name) === undefined ? (variables[name] ?? `--${name}`) : `--${name}`);
    const inputs = { read, from };
    const wanted = { needed: true, advice: 'Give both, or neither where your own docker login serves.' };
    return {
        command,
        push: flags.has('push'),
        only: (0,parse_text/* splitList */.K)(flags.read('only') ?? ''),
        ...placeOf(flags, command === 'run' ? 'root' : command),
        credentials: ['run', 'push', 'build'].includes(command)
            ? (0,credentials/* credentialsOf */.Y)(inputs, { ...wanted, use: 'push' })
            : undefined,
        pullCredentials: (0,credentials/* credentialsOf */.Y)(inputs, { ...wanted, use: 'pull' }),
    };
}
const placeOf = (flags, action) => ({
    directory: flags.read('working-directory') ?? '.',
    file: flags.read('config'),
    overrides: (0,config_inputs/* overridesOf */.F)(action, flags.read, name => `--${name}`),
});
async function plan(flags, { env }) {
    const { plan, notes } = await (0,perform/* prepare */.i)(placeOf(flags, 'root'), env);
    if (flags.has('json'))
        return print(JSON.stringify(planAsJson(plan), undefined, 2));
    for (const note of notes)
        tell(note);
    return print(`Plan ${plan.hash}\n${tree_renderTree(plan)}`);
}
async function clean(flags, { env }) {
    const base = (0,run_run/* baseOf */.bx)((0,external_node_path_.resolve)(flags.read('working-directory') ?? '.'), env);
    const cleaned = await cleanRuns(base, { env: (0,environment/* scrub */._)(env) });
    if (cleaned.length === 0)
        tell('Nothing to clean.');
    for (const { id, what, faults } of cleaned)
        tell([`${id} ${what}`, ...faults].join('\n  '));
    return cleaned.some(({ faults }) => faults.length > 0) ? 3 : 0;
}
function describe(error) {
    if (!(error instanceof Error))
        return String(error);
    if ((0,errors/* exitCodeOf */.FO)(error) !== 70)
        return error.message;
    return `${error.stack}\nThis is a bug of pce. Please report it, with this text: ${package_namespaceObject.SN.O}`;
}


/***/ }),

/***/ 98672:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   renderAnnotations: () => (/* binding */ renderAnnotations),
/* harmony export */   renderCommand: () => (/* binding */ renderCommand)
/* harmony export */ });
/* harmony import */ var _record_finding_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(67896);
/* harmony import */ var _build_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(31578);
/* harmony import */ var _rows_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(72833);
/* harmony import */ var _text_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(91803);




const levels = ['error', 'warning', 'notice'];
/**
 * The runner keeps 10 of a level per step and drops the others unseen, and cuts a message at 4,096 characters
 * (actions/runner, ExecutionContext.cs); a title longer than 255 is refused by the Checks API.
 */
const most = { shown: 9, message: 4_000, title: 250 };
/** What GitHub shows beside the code and above the log: each once, the worst first, at most ten of a level. */
function renderAnnotations(record) {
    const all = [...(0,_rows_js__WEBPACK_IMPORTED_MODULE_2__/* .rowsOf */ .RO)(record).flatMap(weighRow), ...(0,_build_js__WEBPACK_IMPORTED_MODULE_1__/* .warningsOf */ .nZ)(record.tasks).map(weighWarning)];
    const unique = new Map(all.map(weighed => [JSON.stringify(weighed.annotation), weighed])).values();
    const { prefix } = record.revision;
    const worstFirst = [...unique].sort((a, b) => b.weight - a.weight).map(({ annotation }) => below(annotation, prefix));
    return levels.flatMap(level => limit(worstFirst.filter(annotation => annotation.level === level), level));
}
/** Tools name files from the folder that was worked in, GitHub from the root of the repository. */
const below = (annotation, prefix) => prefix === undefined || annotation.file === undefined
    ? annotation
    : { ...annotation, file: `${prefix}/${annotation.file}` };
function limit(annotations, level) {
    const rest = annotations.length - most.shown;
    if (rest <= 0)
        return annotations;
    const title = `and ${rest} more ${rest === 1 ? level : `${level}s`}`;
    return [
        ...annotations.slice(0, most.shown),
        { level, title, message: 'The job summary and the record of the run hold all of them.' },
    ];
}
function weighRow(row) {
    const findings = row.findings.map(finding => weighFinding(finding, row));
    const tests = row.tests.filter(_rows_js__WEBPACK_IMPORTED_MODULE_2__/* .isRedTest */ .Gm).map(test => weighTest(test, row));
    return [...weighEnd(row), ...tests, ...findings];
}
/** A task that could not look says so; one that failed speaks for itself where no finding or test does. */
function weighEnd(row) {
    const { status, findings, tests } = row;
    const silent = !findings.some(({ blocking }) => blocking || row.kind === 'advisory') && !tests.some(_rows_js__WEBPACK_IMPORTED_MODULE_2__/* .isRedTest */ .Gm);
    if (status === 'broken' && (row.kind !== 'work' || silent))
        return [{ weight: 20, annotation: ofRow(row, `${row.task} ${brokenVerb(row)}`) }];
    if (status === 'failed' && silent)
        return [{ weight: 19, annotation: ofRow(row, `${row.task} failed`) }];
    return [];
}
const brokenVerb = ({ kind }) => (kind === 'work' ? 'could not be done' : 'could not look');
const ofRow = (row, title) => annotationOf({ level: (0,_rows_js__WEBPACK_IMPORTED_MODULE_2__/* .counts */ .tQ)(row) ? 'error' : 'warning', title, message: row.reason ?? 'No reason is known.' });
function weighTest({ suite, name, message, status, location }, row) {
    const said = message ?? (status === 'error' ? 'It could not say.' : 'It failed.');
    const level = row.kind === 'advisory' ? 'warning' : 'error';
    return { weight: 7.5, annotation: annotationOf({ level, title: `${suite} › ${name}`, message: said, ...location }) };
}
/** The build goes well with it. */
const weighWarning = (finding) => weighFinding(finding, { status: 'passed' });
function weighFinding(finding, row) {
    const { severity, rule, tool, message, detail, location, url } = finding;
    const place = finding.package === undefined ? '' : `${(0,_rows_js__WEBPACK_IMPORTED_MODULE_2__/* .placeOf */ .$t)(finding)}: `;
    const said = [`${place}${message}`, detail, url].filter(part => part !== undefined).join('\n');
    const title = `${severity}: ${rule} (${tool})`;
    return {
        weight: 4 + (0,_record_finding_js__WEBPACK_IMPORTED_MODULE_0__/* .severityRank */ .qs)(severity),
        annotation: annotationOf({ level: levelOf(finding, row), title, message: said, ...location }),
    };
}
function levelOf({ blocking, severity }, row) {
    if (blocking && (0,_rows_js__WEBPACK_IMPORTED_MODULE_2__/* .isRed */ .iI)(row))
        return 'error';
    return (0,_record_finding_js__WEBPACK_IMPORTED_MODULE_0__/* .severityRank */ .qs)(severity) >= (0,_record_finding_js__WEBPACK_IMPORTED_MODULE_0__/* .severityRank */ .qs)('medium') ? 'warning' : 'notice';
}
const annotationOf = ({ level, title, message, file, line, column }) => ({
    level,
    title: (0,_text_js__WEBPACK_IMPORTED_MODULE_3__/* .cut */ .Jj)((0,_text_js__WEBPACK_IMPORTED_MODULE_3__/* .oneLine */ .TN)(title), most.title),
    message: (0,_text_js__WEBPACK_IMPORTED_MODULE_3__/* .cut */ .Jj)((0,_text_js__WEBPACK_IMPORTED_MODULE_3__/* .plain */ .pj)(message).trim(), most.message),
    ...(file === undefined ? {} : { file: (0,_text_js__WEBPACK_IMPORTED_MODULE_3__/* .oneLine */ .TN)(file) }),
    ...(line === undefined ? {} : { line }),
    ...(column === undefined ? {} : { column }),
});
const dataOf = (value) => value.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const propertyOf = (value) => dataOf(value).replaceAll(':', '%3A').replaceAll(',', '%2C');
/** A workflow command; what must be escaped is in actions/toolkit, packages/core/src/command.ts. */
function renderCommand({ level, title, message, file, line, column }) {
    const properties = Object.entries({ title, file, line, col: column }).flatMap(([key, value]) => value === undefined ? [] : [`${key}=${propertyOf(String(value))}`]);
    return `::${level} ${properties.join(',')}::${dataOf(message)}`;
}


/***/ }),

/***/ 83376:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  renderSummary: () => (/* binding */ renderSummary)
});

;// CONCATENATED MODULE: ./.build/src/report/budget.js
const separator = '\n\n';
/**
 * Joins blocks of Markdown as long as they fit, the first ones being worth most; a block that does not fit is left out,
 * and a last line says how many were. `budget` is in bytes of UTF-8.
 */
function withinBudget(blocks, budget) {
    const room = budget - Buffer.byteLength(noteOf(blocks.length));
    const kept = [];
    let size = 0;
    for (const block of blocks) {
        const more = Buffer.byteLength(block) + separator.length;
        if (size + more > room)
            continue;
        size += more;
        kept.push(block);
    }
    const missing = blocks.length - kept.length;
    return `${[...kept, ...(missing === 0 ? [] : [noteOf(missing)])].join(separator)}\n`;
}
const noteOf = (missing) => `**${missing} more ${missing === 1 ? 'section' : 'sections'} did not fit into this summary;** the record of the run (<code>run.json</code>) holds all of it.`;

// EXTERNAL MODULE: ./.build/src/report/markdown.js
var markdown = __webpack_require__(14873);
// EXTERNAL MODULE: ./.build/src/report/build.js
var build = __webpack_require__(31578);
// EXTERNAL MODULE: ./.build/src/report/rows.js
var report_rows = __webpack_require__(72833);
// EXTERNAL MODULE: ./.build/src/report/text.js
var report_text = __webpack_require__(91803);
// EXTERNAL MODULE: ./.build/src/report/timing.js
var timing = __webpack_require__(82086);
;// CONCATENATED MODULE: ./.build/src/report/more.js





/** What is behind a click: passed tasks, warnings, build steps, programs, times. Blocks of Markdown. */
const renderMore = (record, addressOf) => [
    ...passedOf(record.tasks.filter(({ status }) => status === 'passed')),
    ...(0,build/* renderWarnings */.c7)(record.tasks, addressOf),
    ...record.tasks.flatMap(build/* renderBuild */.N$),
    ...programsOf(record.programs),
    ...timesOf(record),
];
function passedOf(parts) {
    if (parts.length === 0)
        return [];
    const rows = parts.map(part => [(0,markdown/* code */.aY)(part.task), (0,report_text/* timeOf */.nR)((0,report_rows/* durationOf */.cf)(part)), (0,markdown/* text */.Qq)(foundOf(part))]);
    return [(0,markdown/* details */.zH)(`${(0,report_text/* count */.U9)(parts.length, 'task')} passed`, (0,markdown/* table */.tp)(['task', 'time', 'found'], rows))];
}
function foundOf({ findings = [], tests = [], images = [], reason = '' }) {
    const amounts = { image: images.length, test: tests.length, finding: findings.length };
    const said = Object.entries(amounts).flatMap(([noun, amount]) => (amount === 0 ? [] : [(0,report_text/* count */.U9)(amount, noun)]));
    return [...said, ...(reason === '' ? [] : [reason])].join(', ');
}
function programsOf(programs) {
    if (programs.length === 0)
        return [];
    const rows = programs.map(({ name, version }) => [(0,markdown/* code */.aY)(name), (0,markdown/* code */.aY)(version)]);
    return [(0,markdown/* details */.zH)((0,report_text/* count */.U9)(programs.length, 'program'), (0,markdown/* table */.tp)(['program', 'version'], rows))];
}
function timesOf(record) {
    if (!record.tasks.some(report_rows/* hasRun */.gb))
        return [];
    const path = (0,timing/* criticalPath */.vC)(record);
    const title = `Times: ${(0,report_text/* timeOf */.nR)((0,timing/* totalOf */.e6)(record))} in all`;
    const body = [
        'The chain of tasks that made the run as long as it was:',
        spans('task', path),
        'Each stage from its first start to its last end:',
        spans('stage', (0,timing/* stagesOf */.ZL)(record)),
    ];
    return [(0,markdown/* details */.zH)(title, body.join('\n\n'))];
}
const spans = (head, all) => (0,markdown/* table */.tp)([head, 'began after', 'took'], all.map(({ name, start, duration }) => [(0,markdown/* code */.aY)(name), (0,report_text/* timeOf */.nR)(start), (0,report_text/* timeOf */.nR)(duration)]));

;// CONCATENATED MODULE: ./.build/src/report/red.js



/** How much of one task is shown; the record holds the rest. */
const most = { findings: 50, tests: 100, detail: 20_000, lines: 50, line: 1_000, fault: 200_000 };
/** What a person needs of a task that did not pass: blocks of Markdown, the most telling first. */
function renderRed(row, addressOf) {
    const failed = row.tests.filter(report_rows/* isRedTest */.Gm);
    return [
        [`### ${(0,markdown/* code */.aY)(row.task)} ${(0,report_rows/* stateOf */.L4)(row)}`, whyOf(row)].filter(block => block !== '').join('\n\n'),
        ...findingsOf(row.findings, addressOf),
        ...failed.slice(0, most.tests).map(test => renderTest(test, addressOf)),
        ...(failed.length > most.tests ? [`And ${(0,report_text/* count */.U9)(failed.length - most.tests, 'more failed test')}.`] : []),
        ...logOf(row.part?.log ?? []),
    ];
}
function whyOf({ status, kind, about, reason = '', part }) {
    if (status === 'broken')
        return brokenOf({ about, kind, fault: part?.fault, reason });
    const said = (0,report_text/* plain */.pj)(reason).trim();
    return said.includes('\n') ? (0,markdown/* pre */.AS)((0,report_text/* cut */.Jj)(said, most.detail)) : (0,markdown/* text */.Qq)(said);
}
const advice = {
    user: 'This can be mended in this repository.',
    outside: 'Something outside of this repository did not answer or refused.',
    bug: 'This is a bug of pce: please report it with the text below.',
};
function brokenOf({ about, kind, fault, reason }) {
    const meaning = kind === 'work'
        ? 'It could not do its work.'
        : `It could not look${about === '' ? '' : ` at ${(0,markdown/* code */.aY)(about)}`}: this is **no** clean result.`;
    const message = (0,report_text/* cut */.Jj)(fault?.message ?? reason, most.fault);
    return [
        [meaning, ...(fault === undefined ? [] : [advice[fault.kind]])].join(' '),
        ...(message === '' ? [] : [(0,markdown/* pre */.AS)(message)]),
    ].join('\n\n');
}
function findingsOf(findings, addressOf) {
    if (findings.length === 0)
        return [];
    const rows = findings.slice(0, most.findings).map(finding => renderFinding(finding, addressOf));
    const rest = findings.length - rows.length;
    const all = (0,markdown/* table */.tp)(['severity', 'blocks', 'rule', 'where', 'what'], rows);
    return [rest === 0 ? all : `${all}\n\nAnd ${(0,report_text/* count */.U9)(rest, 'more finding')}.`];
}
function renderFinding(finding, addressOf) {
    const { severity, blocking, rule, message, url, location } = finding;
    const source = location === undefined ? undefined : addressOf(location.file, location.line);
    return [
        severity,
        blocking ? 'yes' : '',
        (0,markdown/* link */.nf)((0,markdown/* code */.aY)(rule), url),
        (0,markdown/* link */.nf)((0,markdown/* code */.aY)((0,report_rows/* placeOf */.$t)(finding)), finding.package === undefined ? source : undefined),
        (0,markdown/* text */.Qq)((0,report_text/* cut */.Jj)(message, 300)),
    ];
}
function renderTest(test, addressOf) {
    const { suite, name, status, duration, message = '', detail = '', location } = test;
    const said = [message, detail].filter(part => part !== '').join('\n\n');
    const place = location === undefined ? [] : [placeLine(location.file, location.line, addressOf)];
    const body = [...place, ...(said === '' ? [] : [(0,markdown/* pre */.AS)((0,report_text/* cut */.Jj)(said, most.detail))])];
    const verb = status === 'error' ? 'could not say' : 'failed';
    return (0,markdown/* details */.zH)(`${suite} › ${name}: ${verb} (${(0,report_text/* timeOf */.nR)(duration)})`, body.join('\n\n') || 'No message.');
}
const placeLine = (file, line, addressOf) => (0,markdown/* link */.nf)((0,markdown/* code */.aY)(line === undefined ? file : `${file}:${line}`), addressOf(file, line));
function logOf(log) {
    const lines = log.slice(-most.lines).map(line => (0,report_text/* cut */.Jj)(line, most.line));
    return lines.length === 0 ? [] : [(0,markdown/* details */.zH)('Last lines of the log', (0,markdown/* pre */.AS)(lines.join('\n')))];
}

;// CONCATENATED MODULE: ./.build/src/report/summary.js







const summary_most = { rows: 300, images: 8 };
/**
 * The job summary: GitHub's Markdown, most valuable first. GitHub refuses a summary over 1 MiB and then shows nothing
 * (docs.github.com, "Adding a job summary", "Step isolation and limits"), so it ends at 900 KiB.
 */
function renderSummary(record, { source, budget = 900 * 1024 } = {}) {
    const rows = (0,report_rows/* rowsOf */.RO)(record);
    const addressOf = addressesBelow(source);
    const blocks = [
        renderStatus(record),
        ...renderRows(rows),
        ...rows.filter(isTelling).flatMap(row => renderRed(row, addressOf)),
        ...renderPushed(record),
        ...renderMore(record, addressOf),
    ];
    return withinBudget(blocks, budget);
}
/** A cancelled task has nothing to tell but its reason, which the table holds. */
const isTelling = (row) => (0,report_rows/* isRed */.iI)(row) && (row.status !== 'cancelled' || row.findings.length > 0 || row.tests.length > 0);
const addressesBelow = (source) => (file, line) => source === undefined
    ? undefined
    : `${source}/${file.split('/').map(encodeURIComponent).join('/')}${line === undefined ? '' : `#L${line}`}`;
function renderStatus(record) {
    const { outcome, revision } = record;
    const subjects = (0,report_rows/* subjectsOf */.Z6)(record);
    const shown = subjects.slice(0, summary_most.images).map(image => `${(0,markdown/* text */.Qq)((0,report_rows/* nameOf */.Vb)(image))} ${(0,markdown/* code */.aY)(image.digest)}`);
    const rest = subjects.length > summary_most.images ? [`and ${(0,report_text/* count */.U9)(subjects.length - summary_most.images, 'more image')}`] : [];
    const images = subjects.length === 0 ? 'no image' : [...shown, ...rest].join(', ');
    const commit = `commit ${(0,markdown/* code */.aY)(revision.commit.slice(0, 12))}${revision.dirty ? ' with local changes' : ''}`;
    const ref = revision.ref === '' ? '' : ` of ${(0,markdown/* code */.aY)(revision.ref)}`;
    return `**${(0,report_text/* capital */.Nx)(outcome)}**: ${images}; ${commit}${ref}, ${(0,report_text/* timeOf */.nR)((0,timing/* totalOf */.e6)(record))}`;
}
function renderRows(rows) {
    if (rows.length === 0)
        return [];
    const cells = rows
        .slice(0, summary_most.rows)
        .map(row => [
        (0,markdown/* code */.aY)(row.task),
        (0,markdown/* code */.aY)(row.about),
        (0,report_rows/* isRed */.iI)(row) ? `**${(0,report_rows/* stateOf */.L4)(row)}**` : (0,report_rows/* stateOf */.L4)(row),
        (0,markdown/* text */.Qq)((0,report_rows/* headline */.Pl)(row)),
        row.duration === undefined ? '' : (0,report_text/* timeOf */.nR)(row.duration),
    ]);
    const all = (0,markdown/* table */.tp)(['task', 'about', 'status', 'reason', 'time'], cells);
    return [rows.length > summary_most.rows ? `${all}\n\nAnd ${(0,report_text/* count */.U9)(rows.length - summary_most.rows, 'more verdict')}.` : all];
}
function renderPushed({ pushed }) {
    if (pushed.length === 0)
        return [];
    const rows = pushed.map(({ reference, digest }) => [(0,markdown/* code */.aY)(reference), (0,markdown/* code */.aY)(digest)]);
    return [`### Pushed\n\n${(0,markdown/* table */.tp)(['reference', 'digest'], rows)}`];
}


/***/ })

};
