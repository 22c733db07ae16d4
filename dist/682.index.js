export const id = 682;
export const ids = [682];
export const modules = {

/***/ 33682:
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
var markdown = __webpack_require__(24509);
// EXTERNAL MODULE: ./.build/src/report/build.js
var build = __webpack_require__(34086);
// EXTERNAL MODULE: ./.build/src/report/rows.js
var report_rows = __webpack_require__(65405);
// EXTERNAL MODULE: ./.build/src/report/text.js
var report_text = __webpack_require__(91087);
// EXTERNAL MODULE: ./.build/src/report/timing.js
var timing = __webpack_require__(43538);
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
