export const id = 796;
export const ids = [796];
export const modules = {

/***/ 40796:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   renderAnnotations: () => (/* binding */ renderAnnotations),
/* harmony export */   renderCommand: () => (/* binding */ renderCommand)
/* harmony export */ });
/* harmony import */ var _record_finding_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(49732);
/* harmony import */ var _build_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(34086);
/* harmony import */ var _rows_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(65405);
/* harmony import */ var _text_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(91087);




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


/***/ })

};
