export const id = 525;
export const ids = [525];
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

/***/ 37525:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   performPost: () => (/* binding */ performPost)
/* harmony export */ });
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(51455);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(76760);
/* harmony import */ var zod__WEBPACK_IMPORTED_MODULE_6__ = __webpack_require__(40104);
/* harmony import */ var _run_close_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(38529);
/* harmony import */ var _run_environment_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(61076);
/* harmony import */ var _run_run_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(27640);
/* harmony import */ var _exported_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(46132);







/** Closes what this step opened: a run, a login. Posts run in reverse order, so whoever opened the run closes it. */
async function performPost(name, around) {
    const { host } = around;
    await closeLogin(host);
    const directory = host.getState('run');
    if (directory === undefined)
        return;
    const id = (0,node_path__WEBPACK_IMPORTED_MODULE_1__.basename)(directory);
    // The main step closes what it can; then there is nothing left to do.
    if ((await (0,_run_run_js__WEBPACK_IMPORTED_MODULE_3__/* .readState */ .un)(directory))?.open !== true)
        return;
    if (name !== 'login')
        await writeCaches(name, { id, directory }, around).catch(error => host.warn(noCache(error)));
    const left = await (0,_run_close_js__WEBPACK_IMPORTED_MODULE_2__/* .closeRun */ .Ql)({ id, directory }, { env: (0,_run_environment_js__WEBPACK_IMPORTED_MODULE_5__/* .scrub */ ._)(process.env) });
    for (const fault of left)
        host.warn(`Not taken down: ${fault}`);
}
/** A chunk of the bundle of its own: most posts have nothing to write. */
async function writeCaches(name, run, around) {
    return (await Promise.all(/* import() */[__webpack_require__.e(175), __webpack_require__.e(150), __webpack_require__.e(348), __webpack_require__.e(112), __webpack_require__.e(833), __webpack_require__.e(310)]).then(__webpack_require__.bind(__webpack_require__, 73310))).exportCaches(name, run, around);
}
const noCache = (error) => `Layer caches are not written: ${error instanceof Error ? error.message : String(error)}`;
const leftOver = (folder, error) => `Not all of the login is removed: ${error instanceof Error ? error.message : String(error)}\nRemove ${folder} by hand.`;
const regionsSchema = zod__WEBPACK_IMPORTED_MODULE_6__/* .record */ .g1P(zod__WEBPACK_IMPORTED_MODULE_6__/* ["enum"] */ .k5n(_exported_js__WEBPACK_IMPORTED_MODULE_4__/* .regions */ .Ei), zod__WEBPACK_IMPORTED_MODULE_6__/* .string */ .YjP());
const stateSchema = zod__WEBPACK_IMPORTED_MODULE_6__/* .object */ .Ikc({ folder: zod__WEBPACK_IMPORTED_MODULE_6__/* .string */ .YjP(), before: zod__WEBPACK_IMPORTED_MODULE_6__/* .record */ .g1P(zod__WEBPACK_IMPORTED_MODULE_6__/* ["enum"] */ .k5n(_exported_js__WEBPACK_IMPORTED_MODULE_4__/* .pointers */ .D_), zod__WEBPACK_IMPORTED_MODULE_6__/* .string */ .YjP()) });
/** Removes the login, and gives the post steps of earlier steps their own Docker configuration back. */
async function closeLogin(host) {
    const credentials = host.getState('credentials');
    if (credentials !== undefined) {
        const before = regionsSchema.parse(JSON.parse(credentials));
        for (const name of _exported_js__WEBPACK_IMPORTED_MODULE_4__/* .exported */ .ES)
            host.exportVariable(name, before[name] ?? '');
    }
    const saved = host.getState('login');
    if (saved === undefined)
        return;
    const { folder, before } = stateSchema.parse(JSON.parse(saved));
    for (const name of _exported_js__WEBPACK_IMPORTED_MODULE_4__/* .pointers */ .D_)
        host.exportVariable(name, before[name]);
    // The login itself first: whatever else can't be removed, that is gone.
    await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.rm)((0,node_path__WEBPACK_IMPORTED_MODULE_1__.join)(folder, 'config.json'), { force: true }).catch(() => { });
    await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.rm)(folder, { recursive: true, force: true }).catch((error) => host.warn(leftOver(folder, error)));
}


/***/ })

};
