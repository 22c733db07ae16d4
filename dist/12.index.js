export const id = 12;
export const ids = [12];
export const modules = {

/***/ 98958:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Ap: () => (/* binding */ containerKeys),
/* harmony export */   Xp: () => (/* binding */ builderConfigSchema),
/* harmony export */   qR: () => (/* binding */ isGiven)
/* harmony export */ });
/* harmony import */ var zod__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(21582);
/* harmony import */ var _schema_fields_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(62026);


const text = zod__WEBPACK_IMPORTED_MODULE_1__/* .string */ .YjP().min(1);
const file = text;
/** A node of a builder besides its first one. */
const nodeSchema = zod__WEBPACK_IMPORTED_MODULE_1__/* .strictObject */ .rej({
    name: text.optional().describe('Name of the node'),
    endpoint: text.describe('Its address, or its Docker context'),
    platforms: (0,_schema_fields_js__WEBPACK_IMPORTED_MODULE_0__/* .listOf */ .c3)(text).default([]).describe('Platforms that it is to build, where it should not choose itself'),
    'driver-opts': (0,_schema_fields_js__WEBPACK_IMPORTED_MODULE_0__/* .listOf */ .c3)(text, 'raw').default([]).describe('Options of the driver for this node'),
});
const host = zod__WEBPACK_IMPORTED_MODULE_1__/* .string */ .YjP()
    .regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?$/i, 'a registry host such as docker.io, without a scheme or a path');
const sectionSchema = zod__WEBPACK_IMPORTED_MODULE_1__/* .strictObject */ .rej({
    driver: zod__WEBPACK_IMPORTED_MODULE_1__/* ["enum"] */ .k5n(['auto', 'docker', 'docker-container', 'remote', 'kubernetes'])
        .default('auto')
        .describe('Kind of builder; auto: that of the engine where it has the containerd image store, else docker-container'),
    name: text.optional().describe('A builder that is there already: used as it is, and left there'),
    endpoint: text
        .optional()
        .describe('Address of the builder (tcp://host:1234, ssh://user@host, unix:///path), or a Docker context'),
    append: zod__WEBPACK_IMPORTED_MODULE_1__/* .array */ .YOg(nodeSchema).default([]).describe('Further nodes: { endpoint, platforms, driver-opts, name }'),
    'driver-opts': (0,_schema_fields_js__WEBPACK_IMPORTED_MODULE_0__/* .listOf */ .c3)(text, 'raw')
        .default([])
        .describe('Options of the driver, one a line: network=host, env.NAME=value'),
    'buildkitd-flags': text.optional().describe('Flags of the BuildKit daemon'),
    'buildkitd-config': _schema_fields_js__WEBPACK_IMPORTED_MODULE_0__/* .pathSchema */ .dO.optional().describe('Configuration file of the BuildKit daemon (TOML)'),
    'buildkitd-config-inline': text.optional().describe('Configuration of the BuildKit daemon (TOML)'),
    mirrors: zod__WEBPACK_IMPORTED_MODULE_1__/* .record */ .g1P(host, (0,_schema_fields_js__WEBPACK_IMPORTED_MODULE_0__/* .listOf */ .c3)(text)).default({}).describe('Mirrors of registries, by host'),
    ca: zod__WEBPACK_IMPORTED_MODULE_1__/* .record */ .g1P(host, file).default({}).describe('Files with the certificate authorities of registries, by host'),
    'max-parallelism': zod__WEBPACK_IMPORTED_MODULE_1__/* .number */ .aig().int().min(1).optional().describe('Most build steps at a time'),
    'keep-storage': _schema_fields_js__WEBPACK_IMPORTED_MODULE_0__/* .sizeSchema */ .Fz.optional().describe('Most that the cache of the builder keeps, such as 20 GB'),
    image: (0,_schema_fields_js__WEBPACK_IMPORTED_MODULE_0__/* .listOf */ .c3)(text)
        .default([])
        .describe('Images of BuildKit: the first one that can be had is taken; pinned ones when not given'),
    cacert: file.optional().describe('File with the certificate authority of a remote builder'),
    cert: file.optional().describe('File with the certificate that a remote builder asks for'),
    key: file.optional().describe('File with the key of that certificate'),
    servername: text.optional().describe('Name in the certificate of a remote builder; the host when not given'),
    qemu: zod__WEBPACK_IMPORTED_MODULE_1__/* .union */ .KCZ([zod__WEBPACK_IMPORTED_MODULE_1__/* .literal */ .euz('auto'), zod__WEBPACK_IMPORTED_MODULE_1__/* .boolean */ .zMY()])
        .default('auto')
        .describe('Emulate platforms that no node has: auto installs QEMU on GitHub alone, true anywhere, false never'),
});
/** What only a builder of BuildKit's own has: where one of these is asked for, the engine's is no choice. */
const containerKeys = [
    'endpoint',
    'append',
    'driver-opts',
    'buildkitd-flags',
    'buildkitd-config',
    'buildkitd-config-inline',
    'mirrors',
    'ca',
    'max-parallelism',
    'keep-storage',
    'image',
];
const daemonKeys = containerKeys.filter(key => !['endpoint', 'append', 'driver-opts'].includes(key));
const tlsKeys = ['cacert', 'cert', 'key', 'servername'];
/** True for a key that says something: neither absent nor an empty list or map. */
const isGiven = (config, key) => {
    const value = config[key];
    return typeof value === 'object' ? Object.keys(value).length > 0 : value !== undefined;
};
/** Keys that mean nothing beside others, with the reason. */
function* strayKeys(config) {
    const { driver } = config;
    const strays = (keys, why) => keys.filter(key => isGiven(config, key)).map(key => [key, `nothing: ${why}`]);
    if (config.name !== undefined) {
        const own = [...containerKeys, ...tlsKeys];
        yield* strays(own, 'builder.name is a builder that is there already, with settings of its own');
        if (driver !== 'auto')
            yield ['driver', 'auto: builder.name is a builder that is there already'];
    }
    if (driver === 'docker')
        yield* strays(containerKeys, 'the engine’s own builder has no such setting');
    if (driver === 'remote')
        yield* strays(daemonKeys, 'a remote builder has a configuration of its own');
    else
        yield* strays(tlsKeys, 'it is for driver: remote');
    if (isGiven(config, 'buildkitd-config') && isGiven(config, 'buildkitd-config-inline'))
        yield ['buildkitd-config-inline', 'nothing: buildkitd-config names a file'];
}
/** Keys that are missing beside others, with what they are to be. */
function* missingKeys(config) {
    if (config.driver === 'remote' && config.endpoint === undefined)
        yield ['endpoint', 'the address of the remote builder, such as tcp://host:1234'];
    if (config.cert !== undefined && config.key === undefined)
        yield ['key', 'the file with the key of builder.cert'];
    if (config.key !== undefined && config.cert === undefined)
        yield ['cert', 'the file with the certificate of builder.key'];
    if (config.cert !== undefined && config.cacert === undefined)
        yield ['cacert', 'the file with the certificate authority of the builder'];
}
/** The `builder` section. */
const builderConfigSchema = sectionSchema.superRefine((config, context) => {
    for (const [key, message] of [...strayKeys(config), ...missingKeys(config)])
        context.addIssue({ code: 'custom', path: [key], message });
});


/***/ }),

/***/ 26084:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   A6: () => (/* binding */ buildConfigSchema),
/* harmony export */   Vx: () => (/* binding */ isRemote),
/* harmony export */   go: () => (/* binding */ signsIn)
/* harmony export */ });
/* harmony import */ var zod__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(21582);
/* harmony import */ var _schema_csv_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(61987);
/* harmony import */ var _schema_fields_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(62026);



/** A context that BuildKit fetches by itself, with `{{defaultContext}}` for the repository at the commit. */
const remote = /^([a-z][a-z0-9+.-]*:\/\/\S+|[\w.-]+@[\w.-]+:\S+|\{\{\s*defaultContext\s*\}\}\S*)$/i;
/** True for a context that is not a folder of the repository: a Git URL, an archive's, `{{defaultContext}}`. */
const isRemote = (context) => remote.test(context);
/** True for a URL that signs in by itself: it would be in arguments, logs and records as it is. */
const signsIn = (url) => /^https?:\/\/[^/?#\s]*@/i.test(url);
const clean = 'a URL without a user and password, which arguments and logs would show: give github-token, or the secret GIT_AUTH_TOKEN.HOST';
const contextSchema = zod__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP()
    .min(1)
    .refine(context => isRemote(context) || _schema_fields_js__WEBPACK_IMPORTED_MODULE_1__/* .pathSchema */ .dO.safeParse(context).success, 'a folder of the repository, relative to it, or a Git URL such as https://github.com/acme/web.git#main:app')
    .refine(context => !signsIn(context), clean);
/** `no-cache: false` is as good as none: both are the same question. */
const flag = zod__WEBPACK_IMPORTED_MODULE_2__/* .boolean */ .zMY()
    .transform(on => on || undefined)
    .optional();
const text = zod__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP().min(1);
/** What buildx takes for an attestation: on, off, or attributes. */
const attestationSchema = zod__WEBPACK_IMPORTED_MODULE_2__/* .union */ .KCZ([
    zod__WEBPACK_IMPORTED_MODULE_2__/* .boolean */ .zMY(),
    zod__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP().regex(/^[a-z][\w-]*=.+$/, 'true, false, or attributes such as mode=max'),
]);
const attestSchema = zod__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP()
    .refine(item => ['provenance', 'sbom'].includes((0,_schema_csv_js__WEBPACK_IMPORTED_MODULE_0__/* .attributesOf */ .Td)(item)?.type ?? ''), 'an attestation such as type=provenance,mode=max or type=sbom');
const localOnly = 'an output on this machine (local, tar, oci, docker): for a registry take it out, set push: true, and name the place in images or tags';
/** What else such an output may say, and where that is said here (docker/buildx, docs/reference: "--output"). */
function instead(item) {
    if (/(^|,)annotation/.test(item))
        return '; what annotation… says is the input annotations (index:name=value)';
    if (/(^|,)push-by-digest=/.test(item))
        return '; for a job for each platform see that recipe in the README of build';
    if (/(^|,)(force-)?compression/.test(item))
        return '; compression is not taken: layers are gzip, as buildx makes them';
    return '';
}
/** Exports that stay on this machine: an image leaves it by a push alone, when every gate has passed. */
const outputSchema = zod__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP().superRefine((item, context) => {
    const { type, dest } = (0,_schema_csv_js__WEBPACK_IMPORTED_MODULE_0__/* .attributesOf */ .Td)(item) ?? {};
    const refuse = (message) => context.addIssue({ code: 'custom', message });
    if (type === 'image' || type === 'registry')
        refuse(`${localOnly}${instead(item)}`);
    else if (type === 'docker' && dest === undefined)
        refuse('a file to write it to (dest=…): the image gets into the engine with load: true');
    else if (type === undefined || !['local', 'tar', 'oci', 'docker', 'cacheonly'].includes(type))
        refuse('an output such as type=local,dest=out, of type local, tar, oci or docker');
    else if (type !== 'cacheonly' && (dest === undefined || dest === '' || dest === '-'))
        refuse('a path to write it to: dest=…');
});
/** The `build` section: inputs of the build action, flags of `pce build`. */
const buildConfigSchema = zod__WEBPACK_IMPORTED_MODULE_2__/* .strictObject */ .rej({
    file: _schema_fields_js__WEBPACK_IMPORTED_MODULE_1__/* .pathSchema */ .dO
        .optional()
        .describe('Dockerfile, relative to the repository; Dockerfile in the context when not given'),
    context: contextSchema
        .default('.')
        .describe('Build context: a folder of the repository, or a Git URL; {{defaultContext}} is this repository on GitHub'),
    target: text.optional().describe('Stage of the image that ships; the last one when not given'),
    'build-args': zod__WEBPACK_IMPORTED_MODULE_2__/* .record */ .g1P(_schema_fields_js__WEBPACK_IMPORTED_MODULE_1__/* .variableSchema */ .un, _schema_fields_js__WEBPACK_IMPORTED_MODULE_1__/* .textSchema */ .Zu).default({}).describe('Build arguments, one NAME=value a line'),
    'build-contexts': zod__WEBPACK_IMPORTED_MODULE_2__/* .record */ .g1P(text, text.refine(context => !signsIn(context), clean))
        .optional()
        .describe('Named contexts, one name=path or name=URL a line (docker-image://, oci-layout://, Git)'),
    secrets: (0,_schema_fields_js__WEBPACK_IMPORTED_MODULE_1__/* .listOf */ .c3)(_schema_fields_js__WEBPACK_IMPORTED_MODULE_1__/* .optionalSecretSchema */ .eH, 'commas')
        .default([])
        .describe('Names of environment variables that the build may read as secrets (RUN --mount=type=secret,id=NAME); an input also takes ID=value'),
    'secret-envs': zod__WEBPACK_IMPORTED_MODULE_2__/* .record */ .g1P(_schema_fields_js__WEBPACK_IMPORTED_MODULE_1__/* .secretIdSchema */ .n4, _schema_fields_js__WEBPACK_IMPORTED_MODULE_1__/* .secretNameSchema */ .TB)
        .optional()
        .meta({ list: 'commas' })
        .describe('Secrets under another id than the name of their variable, one ID=VARIABLE a line'),
    'secret-files': zod__WEBPACK_IMPORTED_MODULE_2__/* .record */ .g1P(_schema_fields_js__WEBPACK_IMPORTED_MODULE_1__/* .secretIdSchema */ .n4, text).optional().describe('Secrets in files, one ID=path a line'),
    ssh: (0,_schema_fields_js__WEBPACK_IMPORTED_MODULE_1__/* .listOf */ .c3)(zod__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP().regex(/^[A-Za-z0-9_.-]+(=.+)?$/, 'default, or an id with the path of a key: git=keys/id_ed25519'), 'commas')
        .optional()
        .describe('SSH agent or keys for RUN --mount=type=ssh: default, or ID=path'),
    labels: zod__WEBPACK_IMPORTED_MODULE_2__/* .record */ .g1P(zod__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP(), _schema_fields_js__WEBPACK_IMPORTED_MODULE_1__/* .textSchema */ .Zu)
        .default({})
        .meta({ list: 'commented' })
        .describe('Labels besides the OCI ones, one name=value a line, with {{expressions}}'),
    'add-hosts': (0,_schema_fields_js__WEBPACK_IMPORTED_MODULE_1__/* .listOf */ .c3)(zod__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP().regex(/^[^\s:=]+[:=]\S+$/, 'a host and its address: db:10.0.0.2'), 'commas')
        .optional()
        .describe('Hosts that the steps of the build know, as host:ip'),
    allow: (0,_schema_fields_js__WEBPACK_IMPORTED_MODULE_1__/* .listOf */ .c3)(zod__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP()
        .regex(/^(network\.host|security\.insecure|device(=.+)?|fs(\.read|\.write)?=.+|ssh)$/, 'an entitlement such as network.host or security.insecure'), 'commas')
        .optional()
        .describe('Entitlements for the build: network.host, security.insecure'),
    attests: (0,_schema_fields_js__WEBPACK_IMPORTED_MODULE_1__/* .listOf */ .c3)(attestSchema, 'lines').optional().describe('Attestations: type=provenance,mode=max or type=sbom'),
    provenance: attestationSchema
        .optional()
        .describe('Provenance beside the image: true (mode=max in a public repository, else mode=min), or attributes'),
    sbom: attestationSchema.optional().describe('Bill of materials (SPDX) beside the image: true, or generator=image'),
    call: zod__WEBPACK_IMPORTED_MODULE_2__/* ["enum"] */ .k5n(['build', 'check', 'outline', 'targets'])
        .transform(call => (call === 'build' ? undefined : call))
        .optional()
        .describe("Instead of a build: check runs BuildKit's checks of the Dockerfile; outline, targets tell about it"),
    'cgroup-parent': text.optional().describe('Parent cgroup of the steps of the build'),
    for: zod__WEBPACK_IMPORTED_MODULE_2__/* ["enum"] */ .k5n(['lambda'])
        .optional()
        .describe('Where the image will run, if that asks for something: lambda takes one platform and no index'),
    load: flag.describe('Also put the image into the Docker engine, under its tags'),
    network: zod__WEBPACK_IMPORTED_MODULE_2__/* ["enum"] */ .k5n(['default', 'none', 'host']).optional().describe('Network of the steps: default, none, host'),
    'no-cache': flag.describe('Do every step anew'),
    'no-cache-filters': (0,_schema_fields_js__WEBPACK_IMPORTED_MODULE_1__/* .listOf */ .c3)(text, 'commas').optional().describe('Stages of which every step is done anew'),
    outputs: (0,_schema_fields_js__WEBPACK_IMPORTED_MODULE_1__/* .listOf */ .c3)(outputSchema, 'raw')
        .optional()
        .describe('More outputs on this machine, one a line: type=local,dest=out; type=oci,dest=image.tar'),
    pull: flag.describe('Look for newer base images, also where the builder has some'),
    reproducible: zod__WEBPACK_IMPORTED_MODULE_2__/* .union */ .KCZ([zod__WEBPACK_IMPORTED_MODULE_2__/* .boolean */ .zMY(), zod__WEBPACK_IMPORTED_MODULE_2__/* .literal */ .euz('check')])
        .transform(wanted => wanted || undefined)
        .optional()
        .describe('true: the same source gives the same digest on every machine; check: built twice without cache, and what differs is named'),
    'shm-size': zod__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP()
        .regex(/^\d+(\.\d+)?\s*([kmgt]i?)?b?$/i, 'a size such as 128m or 2g')
        .optional()
        .describe('Size of /dev/shm in the steps of the build, such as 2g'),
    ulimit: (0,_schema_fields_js__WEBPACK_IMPORTED_MODULE_1__/* .listOf */ .c3)(zod__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP().regex(/^[a-z]+=-?\d+(:-?\d+)?$/, 'a limit such as nofile=1024:2048'), 'lines')
        .optional()
        .describe('Limits of the steps of the build, one name=soft:hard a line'),
    earthfile: zod__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP()
        .regex(/^\+[\w.-]+$/, 'a target of the Earthfile such as +prod')
        .optional()
        .describe('Target of the Earthfile in the context, built by the program earthly: +prod'),
    'bake-files': (0,_schema_fields_js__WEBPACK_IMPORTED_MODULE_1__/* .listOf */ .c3)(_schema_fields_js__WEBPACK_IMPORTED_MODULE_1__/* .pathSchema */ .dO, 'commas')
        .optional()
        .describe('Bake files (HCL, JSON) or Compose files that say what is built, in place of file and context'),
    targets: (0,_schema_fields_js__WEBPACK_IMPORTED_MODULE_1__/* .listOf */ .c3)(text, 'commas')
        .optional()
        .describe('Targets and groups of the bake files, each an image; the group default when not given'),
    set: (0,_schema_fields_js__WEBPACK_IMPORTED_MODULE_1__/* .listOf */ .c3)(zod__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP().regex(/^[^=.\s]+\.[^=\s]+=.*$/s, 'a value for a target: web.args.VERSION=1, or *.platform=linux/amd64'), 'lines')
        .optional()
        .describe('Values that win over the bake files, one target.key=value a line'),
    vars: zod__WEBPACK_IMPORTED_MODULE_2__/* .record */ .g1P(_schema_fields_js__WEBPACK_IMPORTED_MODULE_1__/* .variableSchema */ .un, _schema_fields_js__WEBPACK_IMPORTED_MODULE_1__/* .textSchema */ .Zu).optional().describe('Variables of the bake files, one NAME=value a line'),
});


/***/ }),

/***/ 5798:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   c: () => (/* binding */ cacheConfigSchema),
/* harmony export */   g: () => (/* binding */ rightIn)
/* harmony export */ });
/* harmony import */ var zod__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(21582);
/* harmony import */ var _schema_csv_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(61987);
/* harmony import */ var _schema_fields_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(62026);



const text = zod__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP().min(1);
/** A value that goes into BuildKit's `name=value,name=value`. */
const attribute = zod__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP().regex(/^[^,"\s]+$/, 'a value without commas, quotes and spaces');
/** Attributes with which BuildKit signs in (moby/buildkit README, "Export cache"); argv can be read by every process. */
const rights = ['token', 'ghtoken', 'access_key_id', 'secret_access_key', 'session_token'];
/** Pure: the attribute of a cache that is a key or a token; undefined where it has none. */
const rightIn = (item) => {
    const attributes = (0,_schema_csv_js__WEBPACK_IMPORTED_MODULE_0__/* .attributesOf */ .Td)(item);
    return rights.find(name => attributes?.[name] !== undefined);
};
const raw = zod__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP().superRefine((item, context) => {
    const attributes = (0,_schema_csv_js__WEBPACK_IMPORTED_MODULE_0__/* .attributesOf */ .Td)(item);
    const right = rightIn(item);
    const refuse = (message) => context.addIssue({ code: 'custom', message });
    if (right !== undefined)
        refuse(`a cache without ${right}: other programs can read it there; sign in by the environment or a login`);
    else if (attributes === undefined ? !/^[^\s=,]+$/.test(item) : attributes.type === undefined)
        refuse("a cache in BuildKit's words, such as type=registry,ref=ghcr.io/acme/web:cache, or a reference");
});
/** The `cache` section. */
const cacheConfigSchema = zod__WEBPACK_IMPORTED_MODULE_2__/* .strictObject */ .rej({
    type: zod__WEBPACK_IMPORTED_MODULE_2__/* ["enum"] */ .k5n(['auto', 'gha', 'registry', 's3', 'azblob', 'local', 'inline', 'none'])
        .default('auto')
        .describe('Where layers are kept between runs: auto, gha, registry, s3, azblob, local, inline, none; auto takes what suits the machine'),
    mode: zod__WEBPACK_IMPORTED_MODULE_2__/* ["enum"] */ .k5n(['min', 'max'])
        .default('max')
        .describe('max: the layers of every stage; min: those of the image alone'),
    scope: zod__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP()
        .regex(/^[A-Za-z0-9][\w.-]{0,40}$/, 'a name of letters, digits, dots and dashes')
        .optional()
        .describe('Keeps caches apart that would share a name, such as those of two workflows'),
    ref: attribute.optional().describe('registry, inline: repository of the cache, such as ghcr.io/acme/web-cache'),
    bucket: attribute.optional().describe('s3: bucket'),
    region: attribute.optional().describe('s3: region of the bucket'),
    prefix: attribute.optional().describe('s3, azblob: what the names of its objects begin with'),
    endpoint: attribute.optional().describe('s3: address of a service other than AWS'),
    account: attribute.optional().describe('azblob: address of the storage account'),
    container: attribute.optional().describe('azblob: container'),
    path: text.optional().describe('local: folder of the cache; the cache directory of the user when not given'),
    timeout: _schema_fields_js__WEBPACK_IMPORTED_MODULE_1__/* .durationSchema */ .sK.prefault('5 m').describe('How long writing the cache may take, once the gate has spoken'),
    'cache-from': (0,_schema_fields_js__WEBPACK_IMPORTED_MODULE_1__/* .listOf */ .c3)(raw, 'raw')
        .optional()
        .describe("Caches to read, in BuildKit's words, one a line; these and no others"),
    'cache-to': (0,_schema_fields_js__WEBPACK_IMPORTED_MODULE_1__/* .listOf */ .c3)(raw, 'raw')
        .optional()
        .describe("Caches to write, in BuildKit's words, one a line; these and no others"),
})
    .superRefine((cache, context) => {
    for (const key of needed[cache.type] ?? [])
        if (cache[key] === undefined)
            context.addIssue({ code: 'custom', path: [key], message: `a value: a cache of type ${cache.type} needs one` });
});
/** Without these there is nowhere to keep it. */
const needed = {
    s3: ['bucket', 'region'],
    azblob: ['account', 'container'],
};


/***/ }),

/***/ 7351:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   C: () => (/* binding */ complaintsOf)
/* harmony export */ });
const pathOf = (issue) => issue.path.map(key => (typeof key === 'number' ? key : String(key)));
/** The complaints in one issue of zod's: of a union, those of the alternative that was meant. */
function complaintsOf(issue) {
    const path = pathOf(issue);
    switch (issue.code) {
        case 'unrecognized_keys':
            return issue.keys.map(key => ({ type: 'unknown', path: [...path, key] }));
        case 'invalid_key':
            return [{ type: 'name', path, phrases: issue.issues.slice(0, 1).map(({ message }) => message) }];
        case 'invalid_union':
            return chooseOf(issue.errors.map(errors => errors.flatMap(complaintsOf))).map(complaint => ({
                ...complaint,
                path: [...path, ...complaint.path],
            }));
        default:
            return [wrongOf(issue, path)];
    }
}
function wrongOf(issue, path) {
    const value = { type: 'value', path, values: [], phrases: [], unlike: true };
    if (issue.code === 'invalid_value')
        return { ...value, values: issue.values };
    if (issue.code !== 'invalid_type')
        return { ...value, phrases: [issue.message], unlike: false };
    return issue.expected === 'boolean' ? { ...value, values: [true, false] } : { ...value, phrases: [issue.message] };
}
const isUnlike = (complaint) => complaint.type === 'value' && complaint.unlike && complaint.path.length === 0;
/** The alternative that was meant is one of the right kind, with the fewest faults; else all of them are told. */
function chooseOf(alternatives) {
    const alike = alternatives.filter(complaints => !complaints.some(isUnlike));
    const [best] = alike.toSorted((a, b) => a.length - b.length);
    return best ?? [together(alternatives.flat())];
}
function together(complaints) {
    const unlike = complaints.filter(complaint => complaint.type === 'value' && complaint.path.length === 0);
    const values = unlike.flatMap(complaint => (complaint.type === 'value' ? complaint.values : []));
    const phrases = unlike.flatMap(complaint => (complaint.type === 'value' ? complaint.phrases : []));
    return { type: 'value', path: [], values, phrases: [...new Set(phrases)], unlike: true };
}


/***/ }),

/***/ 89974:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   M: () => (/* binding */ renderFaults),
/* harmony export */   b: () => (/* binding */ messageOf)
/* harmony export */ });
/* harmony import */ var _schema_fields_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(62026);
/* harmony import */ var _shape_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(16379);
/* harmony import */ var _tree_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(99196);
/* harmony import */ var _wording_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(44522);




/** What a complaint tells the user. `tree` is what was judged, `path` the place as it was written. */
function messageOf(complaint, tree, path) {
    if (complaint.type === 'unknown')
        return unknownKey(path);
    if (complaint.type === 'name')
        return `found the name ${(0,_wording_js__WEBPACK_IMPORTED_MODULE_3__/* .show */ .WU)(path.at(-1))}, expected ${(0,_wording_js__WEBPACK_IMPORTED_MODULE_3__/* .anyOf */ .EB)([], complaint.phrases)}`;
    return wrongValue(complaint, (0,_tree_js__WEBPACK_IMPORTED_MODULE_2__/* .valueAt */ .fK)(tree, complaint.path));
}
function wrongValue({ values, phrases }, found) {
    const expected = `expected ${(0,_wording_js__WEBPACK_IMPORTED_MODULE_3__/* .anyOf */ .EB)(values, phrases)}`;
    if (found === undefined)
        return `missing, ${expected}`;
    if (phrases.includes(_schema_fields_js__WEBPACK_IMPORTED_MODULE_0__/* .secretMessage */ .O) && typeof found === 'string')
        return `found a value (not shown), ${expected}`;
    const guess = (0,_wording_js__WEBPACK_IMPORTED_MODULE_3__/* .meant */ .wx)(found, values);
    return `found ${(0,_wording_js__WEBPACK_IMPORTED_MODULE_3__/* .show */ .WU)(found)}, ${expected}${guess === undefined ? '' : `; did you mean ${(0,_wording_js__WEBPACK_IMPORTED_MODULE_3__/* .show */ .WU)(guess)}?`}`;
}
function unknownKey(path) {
    const key = String(path.at(-1));
    const known = (0,_shape_js__WEBPACK_IMPORTED_MODULE_1__/* .keysAt */ ._s)(path.slice(0, -1));
    const near = (0,_wording_js__WEBPACK_IMPORTED_MODULE_3__/* .nearest */ .pA)(key, known);
    if (near !== undefined)
        return `unknown key; did you mean ${(0,_wording_js__WEBPACK_IMPORTED_MODULE_3__/* .show */ .WU)(near)}?`;
    const [home] = homesOf(key);
    return home === undefined ? `unknown key; known here: ${known.join(', ')}` : `unknown key; did you mean ${home}?`;
}
/** Places at the root, or one below it, that know a key. */
function homesOf(key) {
    const roots = Object.keys(_shape_js__WEBPACK_IMPORTED_MODULE_1__/* .whole */ .WQ.properties ?? {});
    const paths = [[key], ...roots.map(root => [root, key])];
    return paths.filter(path => (0,_shape_js__WEBPACK_IMPORTED_MODULE_1__/* .keysAt */ ._s)(path.slice(0, -1)).includes(key)).map(_tree_js__WEBPACK_IMPORTED_MODULE_2__/* .showPath */ .P8);
}
/** All faults, one a line, in the order of the file, those of inputs and flags first. */
const renderFaults = (faults, place) => [
    ...new Set(faults
        .map(fault => ({ fault, at: positionOf(fault, place) }))
        .toSorted(inOrder)
        .map(lineOf(place))),
].join('\n');
const positionOf = ({ at, from, path }, place) => at ?? (from === undefined ? place.locate(path) : undefined);
const inOrder = (a, b) => (a.at?.line ?? 0) - (b.at?.line ?? 0) || (a.at?.column ?? 0) - (b.at?.column ?? 0);
const lineOf = ({ file }) => ({ fault: { from, path, message }, at }) => {
    const place = from ?? (file === undefined || at === undefined ? file : `${file}:${at.line}:${at.column}`);
    const about = path.length === 0 ? message : `${(0,_tree_js__WEBPACK_IMPORTED_MODULE_2__/* .showPath */ .P8)(path)}: ${message}`;
    return place === undefined ? about : `${place}  ${about}`;
};


/***/ }),

/***/ 13837:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   D: () => (/* binding */ matrixSchema)
/* harmony export */ });
/* harmony import */ var zod__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(21582);
/* harmony import */ var _schema_fields_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(62026);
/* harmony import */ var _mention_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(48696);



const valueSchema = zod__WEBPACK_IMPORTED_MODULE_1__/* .union */ .KCZ([zod__WEBPACK_IMPORTED_MODULE_1__/* .string */ .YjP(), zod__WEBPACK_IMPORTED_MODULE_1__/* .number */ .aig(), zod__WEBPACK_IMPORTED_MODULE_1__/* .boolean */ .zMY()])
    .refine(value => typeof value !== 'number' || Number.isInteger(value), 'text: put it in quotes, since YAML takes 1.10 for 1.1')
    .transform(String);
const combinationSchema = zod__WEBPACK_IMPORTED_MODULE_1__/* .record */ .g1P(zod__WEBPACK_IMPORTED_MODULE_1__/* .string */ .YjP(), valueSchema)
    .refine(values => Object.keys(values).length > 0, 'at least one key');
/** The values that an image is built in: one image for each combination of them. */
const matrixSchema = zod__WEBPACK_IMPORTED_MODULE_1__/* .object */ .Ikc({
    include: zod__WEBPACK_IMPORTED_MODULE_1__/* .array */ .YOg(combinationSchema).min(1).optional().describe('Further combinations, each with all its values'),
    exclude: zod__WEBPACK_IMPORTED_MODULE_1__/* .array */ .YOg(combinationSchema)
        .min(1)
        .optional()
        .describe('Combinations that there are not: all that have these values'),
})
    .catchall((0,_schema_fields_js__WEBPACK_IMPORTED_MODULE_0__/* .someOf */ .yU)(valueSchema))
    .describe(`One image for each combination of values, which its other keys name as GitHub does: ${(0,_mention_js__WEBPACK_IMPORTED_MODULE_2__/* .mention */ .lE)('os')}`);


/***/ }),

/***/ 48696:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Lc: () => (/* binding */ notation),
/* harmony export */   Ze: () => (/* binding */ mentionPattern),
/* harmony export */   lE: () => (/* binding */ mention)
/* harmony export */ });
/** GitHub's notation for a value of a matrix, which tag rules can't take for theirs: `${{ matrix.os }}`. */
const notation = /\$\{\{\s*matrix\b(.*?)\}\}/gs;
/** Pure: how a value of a matrix is named in a text. */
const mention = (key) => `\${{ matrix.${key} }}`;
/** Matches any of them, as JSON Schema draft 7 has it. */
const mentionPattern = String.raw `\$\{\{\s*matrix\.`;


/***/ }),

/***/ 99724:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  Qn: () => (/* binding */ configSchema),
  lu: () => (/* binding */ isImageKey),
  Wd: () => (/* binding */ resolvedSchema)
});

// EXTERNAL MODULE: ../../../work/main/node_modules/zod/v4/classic/schemas.js + 6 modules
var schemas = __webpack_require__(21582);
// EXTERNAL MODULE: ./.build/src/build/builder-config.js
var builder_config = __webpack_require__(98958);
// EXTERNAL MODULE: ./.build/src/build/config.js
var config = __webpack_require__(26084);
// EXTERNAL MODULE: ./.build/src/cache/config.js
var cache_config = __webpack_require__(5798);
// EXTERNAL MODULE: ./.build/src/schema/fields.js
var fields = __webpack_require__(62026);
;// CONCATENATED MODULE: ./.build/src/check/config.js


const gateSchema = schemas/* enum */.k5n(['blocking', 'advisory']);
const full = schemas/* strictObject */.rej({
    run: fields/* commandSchema */.rP.describe('Command, run in the repository; exit code 0 passes'),
    gate: gateSchema.default('blocking').describe('Whether a failure keeps the image from shipping'),
    weight: schemas/* number */.aig().min(0).default(1).describe('Share of the CPUs'),
    timeout: fields/* durationSchema */.sK.prefault('10 m').describe('Time after which the check counts as broken'),
});
/** One source check: a command, or `{ run, gate, weight, timeout }`. */
const checkSchema = schemas/* union */.KCZ([fields/* commandSchema */.rP.transform(run => full.parse({ run })), full]);
/** The `checks` section: checks by name, run side by side, each with its own verdict. */
const checksConfigSchema = schemas/* record */.g1P(schemas/* string */.YjP().regex(/^[a-z0-9][a-z0-9._-]*$/i, 'a name of letters, digits, dots, dashes'), checkSchema);
/** The `hadolint` section: `true`, `false`, or the level from which it fails. */
const hadolintConfigSchema = schemas/* union */.KCZ([schemas/* boolean */.zMY(), schemas/* strictObject */.rej({ threshold: schemas/* enum */.k5n(['error', 'warning', 'info', 'style']) })])
    .describe('Lint the Dockerfile: true (fails on warnings), false, or { threshold }');

;// CONCATENATED MODULE: ./.build/src/contract/config.js


/** The `contract` section: what the image that ships must be. */
const contractConfigSchema = schemas/* strictObject */.rej({
    user: schemas/* enum */.k5n(['non-root', 'any']).default('non-root').describe('non-root: the image names a user other than root'),
    size: fields/* sizeSchema */.Fz
        .optional()
        .describe('Largest size as a registry stores and sends it (compressed layers): 250 MB, 1 GiB'),
});

// EXTERNAL MODULE: ./.build/src/login/config.js
var login_config = __webpack_require__(19967);
;// CONCATENATED MODULE: ./.build/src/mounts/config.js


const settings = schemas/* strictObject */.rej({
    'max-size': fields/* sizeSchema */.Fz
        .prefault('2 GB')
        .describe('A mount that holds more is not kept: every run that meets it would move it'),
    path: schemas/* string */.YjP()
        .min(1)
        .optional()
        .describe('Folder to keep them in; the cache service of GitHub Actions, or the cache directory of the user, when not given'),
    image: schemas/* string */.YjP()
        .min(1)
        .optional()
        .describe('Image with sh and tar that moves the files; that of the stage with the mounts when not given'),
});
/** The key `cache-mounts`: `true` is all by default, `false` is off. */
const mountsConfigSchema = schemas/* union */.KCZ([schemas/* boolean */.zMY(), settings])
    .transform(value => (value === true ? settings.parse({}) : value))
    .describe('Keeps what RUN --mount=type=cache mounts hold between runs');

// EXTERNAL MODULE: ./.build/src/record/finding.js
var finding = __webpack_require__(49732);
;// CONCATENATED MODULE: ./.build/src/scan/config.js



/** The `scan` section: inputs of the scan action, flags of `pce scan`. */
const scanConfigSchema = schemas/* strictObject */.rej({
    block: schemas/* union */.KCZ([finding/* severitySchema */.X5.exclude(['unknown']), schemas/* literal */.euz('none')])
        .default('high')
        .describe('Severity from which a finding keeps the image from shipping; none only reports'),
    'ignore-unfixed': schemas/* boolean */.zMY().default(false).describe('Let findings pass for which there is no fixed version'),
    ignore: (0,fields/* listOf */.c3)(schemas/* string */.YjP().min(1)).default([]).describe('Identifiers of findings to leave out, such as CVE-2026-1234'),
    source: schemas/* boolean */.zMY().default(true).describe('Scan the source: dependencies, secrets, misconfiguration'),
    image: schemas/* boolean */.zMY().default(true).describe('Scan the image, at the digest that ships'),
});

// EXTERNAL MODULE: ./.build/src/tags/config.js
var tags_config = __webpack_require__(8155);
;// CONCATENATED MODULE: ./.build/src/test/config.js


const environment = schemas/* record */.g1P(fields/* variableSchema */.un, fields/* textSchema */.Zu);
/** The `unit` section: unit tests, run in their own target of the Dockerfile, on the services. */
const unitConfigSchema = schemas/* strictObject */.rej({
    target: schemas/* string */.YjP().min(1).describe('Stage of the Dockerfile that holds the tests'),
    run: fields/* commandSchema */.rP.optional().describe("Command in that image; the image's own when not given"),
    env: environment.default({}).describe('Environment of the tests, one NAME=value a line'),
    junit: schemas/* string */.YjP()
        .startsWith('/')
        .optional()
        .describe('Where the tests write JUnit inside the container (an absolute path); true counts come from it'),
    timeout: fields/* durationSchema */.sK.prefault('10 m').describe('Time after which the tests count as broken'),
});
const port = 'a port from 1 to 65535';
const portSchema = schemas/* number */.aig(port).int(port).min(1, port).max(65_535, port);
/** The `app` section: how the image that ships is started for its tests. */
const appConfigSchema = schemas/* strictObject */.rej({
    port: portSchema.describe('Port on which the app listens'),
    ready: schemas/* string */.YjP().startsWith('/').default('/').describe('Path that answers 2xx or 3xx once the app is ready'),
    service: schemas/* string */.YjP().min(1).optional().describe('Service of the compose file that is the app'),
    before: fields/* commandSchema */.rP.optional().describe('Command run in the image before the app starts, such as migrations'),
    env: environment.default({}).describe('Environment of the app, one NAME=value a line'),
    timeout: fields/* durationSchema */.sK.prefault('60 s').describe('Time within which the app must be ready'),
});
const newmanFull = schemas/* strictObject */.rej({
    collections: (0,fields/* someOf */.yU)(fields/* pathSchema */.dO).describe('Postman collections: paths or globs'),
    environment: fields/* pathSchema */.dO.optional().describe('Postman environment'),
    'base-url-variable': schemas/* string */.YjP().min(1).default('baseUrl').describe('Variable that is set to the address of the app'),
    'min-requests': schemas/* number */.aig().int().min(0).default(1).describe('Fewest requests that must have run'),
    'min-assertions': schemas/* number */.aig().int().min(0).default(1).describe('Fewest assertions that must have run'),
    timeout: fields/* durationSchema */.sK.prefault('5 m').describe('Time after which a collection counts as broken'),
});
/** The `newman` section: a glob of collections, a list of them, or all keys. */
const newmanConfigSchema = schemas/* union */.KCZ([
    (0,fields/* someOf */.yU)(fields/* pathSchema */.dO).transform(collections => newmanFull.parse({ collections })),
    newmanFull,
]);
const serviceSchema = schemas/* union */.KCZ([
    schemas/* string */.YjP()
        .min(1)
        .transform(image => ({ image, env: {} })),
    schemas/* strictObject */.rej({
        image: schemas/* string */.YjP().min(1).describe('Image of the service'),
        env: environment.default({}).describe('Its environment'),
    }),
]);
/** The `services` section: services by name, each an image or `{ image, env }`. */
const servicesConfigSchema = schemas/* record */.g1P(schemas/* string */.YjP().regex(/^[a-z0-9][a-z0-9_-]*$/, 'a name of lower-case letters, digits, dashes, underscores'), serviceSchema);

// EXTERNAL MODULE: ./.build/src/config/matrix-schema.js
var matrix_schema = __webpack_require__(13837);
;// CONCATENATED MODULE: ./.build/src/config/schema.js













/** An image's name, with or without a host (OCI distribution-spec, "Pulling manifests"). */
const imageNameSchema = schemas/* string */.YjP()
    .regex(/^([a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?\/)?[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*$/, 'an image name such as acme/web or ghcr.io/acme/web: lower case, without tag or digest');
/** Of Linux those that Go has (go tool dist list): a slip there would be taken for something to emulate. */
const platformSchema = schemas/* string */.YjP()
    .regex(/^(native|(linux\/(386|amd64|arm|arm64|loong64|mips64|mips64le|ppc64le|riscv64|s390x)|(?!linux\/)[a-z0-9]+\/[a-z0-9_]+)(\/v\d+)?)$/, 'a platform such as linux/amd64, or native');
/** The keys that belong to one image; at the root they are the defaults of all. */
const imageKeys = {
    matrix: matrix_schema/* matrixSchema */.D.optional(),
    platforms: (0,fields/* someOf */.yU)(platformSchema)
        .prefault(['native'])
        .describe('Platforms to build for, such as linux/amd64; native is that of the engine'),
    build: config/* buildConfigSchema */.A6.prefault({}).describe('How the image is built'),
    unit: unitConfigSchema.optional().describe('Unit tests in their own target, on the services'),
    app: appConfigSchema.optional().describe('How the image is started for its tests'),
    newman: newmanConfigSchema.optional().describe('Postman collections, run against the image that ships'),
    contract: contractConfigSchema.prefault({}).describe('What the image must be'),
    destinations: (0,fields/* listOf */.c3)(tags_config/* destinationSchema */.WW, 'tags')
        .default([])
        .describe('Full names of the image, such as ghcr.io/acme/web, where it is pushed to; in place of registries'),
    tags: (0,fields/* listOf */.c3)(tags_config/* tagRuleSchema */.ez, 'tags')
        .refine(tags => tags.length > 0, 'at least one item')
        .prefault(['type=ref', 'type=sha'])
        .describe('Tags, full references (ghcr.io/acme/web:1.2), and rules: type=ref, type=semver,pattern={{version}}, …'),
    flavor: (0,fields/* listOf */.c3)(tags_config/* flavorSchema */.iP, 'tags')
        .default([])
        .describe('What holds for all tags: latest=auto, prefix=…, suffix=-alpine,onlatest=true'),
    annotations: (0,fields/* listOf */.c3)(tags_config/* annotationSchema */.hZ, 'commented')
        .default([])
        .describe('Annotations besides the OCI ones: name=value, or with levels manifest,index:name=value'),
};
const isImageKey = (key) => key !== undefined && Object.hasOwn(imageKeys, key);
/** The keys that are the same for all images. */
const sharedKeys = {
    registries: (0,fields/* listOf */.c3)(login_config/* registryHostSchema */.ns).default([]).describe('Registry hosts to push to, once every gate has passed'),
    login: login_config/* loginSectionSchema */.ub.prefault({}).describe('How the pipeline becomes somebody in AWS, for ECR registries'),
    checks: checksConfigSchema.default({}).describe('Source checks by name, side by side'),
    hadolint: hadolintConfigSchema.default(true),
    scan: scanConfigSchema.prefault({}).describe('Vulnerabilities, secrets, misconfiguration'),
    services: servicesConfigSchema.optional().describe('Services that the tests need, by name'),
    compose: fields/* pathSchema */.dO.optional().describe('Compose file with the services; app and tests in it are replaced'),
    builder: builder_config/* builderConfigSchema */.Xp.prefault({}).describe('What builds: the builder of BuildKit, and where it runs'),
    cache: cache_config/* cacheConfigSchema */.c.prefault({}).describe('Layer cache between runs'),
    'cache-mounts': mountsConfigSchema.optional(),
};
const nameSchema = schemas/* string */.YjP().regex(/^[a-z0-9][a-z0-9-]*$/, 'a name of lower-case letters, digits, dashes');
const repository = imageNameSchema.describe('Name of the image: acme/web, or with a host ghcr.io/acme/web');
const off = schemas/* literal */.euz(false);
/** One of several images, as it is written: a section that the root gives to all may be taken away with `false`. */
const oneImageSchema = schemas/* strictObject */.rej({
    image: repository,
    ...imageKeys,
    unit: schemas/* union */.KCZ([unitConfigSchema, off]).optional().describe('Unit tests of this image; false: none'),
    app: schemas/* union */.KCZ([appConfigSchema, off]).optional().describe('How this image is started for its tests; false: it is not'),
    newman: schemas/* union */.KCZ([newmanConfigSchema, off]).optional().describe('Postman collections for this image; false: none'),
    matrix: schemas/* union */.KCZ([matrix_schema/* matrixSchema */.D, off]).optional().describe('Combinations of this image; false: it is one alone'),
});
/** The whole of `pce.yml`, as it is written. */
const configSchema = schemas/* strictObject */.rej({
    image: repository.optional(),
    images: schemas/* record */.g1P(nameSchema, oneImageSchema)
        .optional()
        .describe('Several images by name, each with keys of its own; the root holds the defaults'),
    ...sharedKeys,
    ...imageKeys,
});
/** The configuration once the root's defaults have gone into each image: what the planner takes. */
const resolvedSchema = schemas/* strictObject */.rej({
    images: schemas/* record */.g1P(nameSchema, schemas/* strictObject */.rej({ image: imageNameSchema, ...imageKeys }))
        .refine(images => Object.keys(images).length > 0, 'at least one image'),
    ...sharedKeys,
});


/***/ }),

/***/ 16379:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   WQ: () => (/* binding */ whole),
/* harmony export */   _s: () => (/* binding */ keysAt),
/* harmony export */   ln: () => (/* binding */ shapeAt)
/* harmony export */ });
/* harmony import */ var zod__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(78505);
/* harmony import */ var _alternatives_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(24660);
/* harmony import */ var _schema_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(99724);



/** `pce.yml` as JSON Schema draft 7, which editors know best; lists that may be given as one item carry `list`. */
const whole = zod__WEBPACK_IMPORTED_MODULE_1__/* .toJSONSchema */ .bl(_schema_js__WEBPACK_IMPORTED_MODULE_0__/* .configSchema */ .Qn, { io: 'input', target: 'draft-7' });
const childOf = (shape, key) => [shape.properties?.[key], shape.additionalProperties, typeof key === 'number' ? shape.items : undefined].find(_alternatives_js__WEBPACK_IMPORTED_MODULE_2__/* .isShape */ .o2);
/** The shape of what stands at a path; undefined where nothing may stand. */
const shapeAt = (path) => path.reduce((shape, key) => shape && firstChildOf(shape, key), whole);
const firstChildOf = (shape, key) => (0,_alternatives_js__WEBPACK_IMPORTED_MODULE_2__/* .alternativesOf */ .c3)(shape)
    .map(one => childOf(one, key))
    .find(child => child !== undefined);
/** The keys that are known at a path. */
const keysAt = (path) => (0,_alternatives_js__WEBPACK_IMPORTED_MODULE_2__/* .alternativesOf */ .c3)(shapeAt(path) ?? {}).flatMap(({ properties }) => Object.keys(properties ?? {}));


/***/ }),

/***/ 99196:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   $I: () => (/* binding */ nest),
/* harmony export */   P8: () => (/* binding */ showPath),
/* harmony export */   d1: () => (/* binding */ depthOf),
/* harmony export */   fK: () => (/* binding */ valueAt),
/* harmony export */   h1: () => (/* binding */ merge),
/* harmony export */   xK: () => (/* binding */ isTree)
/* harmony export */ });
/* harmony import */ var _schema_fields_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(62026);

const isTree = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const child = (value, key) => typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? // Own properties alone: a key such as `constructor` must not find what every object inherits.
        { value: value[key] }
    : undefined;
/** How many leading parts of a path are there. */
function depthOf(tree, [key, ...rest]) {
    const found = key === undefined ? undefined : child(tree, key);
    return found === undefined ? 0 : 1 + depthOf(found.value, rest);
}
/** The value at a path, or undefined when it is not there. */
const valueAt = (tree, path) => path.reduce((value, key) => child(value, key)?.value, tree);
/** `own` over `base`: mappings are merged, anything else is replaced. */
function merge(base, own) {
    if (own === undefined)
        return base;
    if (!isTree(base) || !isTree(own))
        return own;
    const keys = [...new Set([...Object.keys(base), ...Object.keys(own)])];
    return Object.fromEntries(keys.map(key => [key, merge(child(base, key)?.value, child(own, key)?.value)]));
}
/** A tree that holds one value: `nest(['scan', 'block'], 'high')` is `{ scan: { block: 'high' } }`. */
const nest = (path, value) => path.reduceRight((inner, key) => ({ [key]: inner }), value);
/** A path as users write it: `scan.block`, `registries[0]`, `checks."a b"`. */
const showPath = (path) => path.map(showKey).join('').replace(/^\./, '');
function showKey(key) {
    if (typeof key === 'number')
        return `[${key}]`;
    if ((0,_schema_fields_js__WEBPACK_IMPORTED_MODULE_0__/* .isTokenLike */ .Hx)(key))
        return '.(not shown)';
    return `.${/^[\w-]+$/.test(key) ? key : JSON.stringify(key)}`;
}


/***/ }),

/***/ 44522:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   EB: () => (/* binding */ anyOf),
/* harmony export */   WU: () => (/* binding */ show),
/* harmony export */   pA: () => (/* binding */ nearest),
/* harmony export */   pG: () => (/* binding */ expectation),
/* harmony export */   wx: () => (/* binding */ meant)
/* harmony export */ });
/* harmony import */ var fastest_levenshtein__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(63678);
/* harmony import */ var _schema_fields_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(62026);


const kinds = {
    string: 'text',
    number: 'a number',
    int: 'a whole number',
    array: 'a list',
    object: 'a mapping',
    record: 'a mapping',
};
/** Says what was expected, so that each message of zod's reads on after "expected"; a schema's own words go first. */
const expectation = issue => {
    if (issue.code === 'invalid_type')
        return kinds[issue.expected] ?? issue.expected;
    if (issue.code === 'too_small')
        return sizeOf(issue.origin, 'at least', issue.minimum);
    if (issue.code === 'too_big')
        return sizeOf(issue.origin, 'at most', issue.maximum);
    if (issue.code === 'invalid_format' && issue.format === 'starts_with')
        return `text that starts with ${issue.prefix}`;
    return undefined;
};
function sizeOf(origin, bound, limit) {
    if (origin === 'string')
        return limit === 1 ? 'text that is not empty' : `text of ${bound} ${limit} characters`;
    if (origin === 'array')
        return `a list of ${bound} ${limit}`;
    return `${bound} ${limit}`;
}
/** `a`, `a or b`, `a, b or c`; where all are values and there are more than two, `one of a, b, c`. */
function anyOf(values, phrases) {
    const words = [...values.map(String), ...phrases];
    if (phrases.length === 0 && words.length > 2)
        return `one of ${words.join(', ')}`;
    const last = words.at(-1) ?? 'something else';
    return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} or ${last}`;
}
/** A value as a message may show it: short text and numbers as they are, anything that may be a secret not at all. */
function show(value) {
    if (value === null)
        return 'nothing';
    if (Array.isArray(value))
        return 'a list';
    if (typeof value === 'object')
        return 'a mapping';
    if (typeof value !== 'string')
        return String(value);
    return isSecretive(value) ? `text of ${value.length} characters (not shown)` : JSON.stringify(value);
}
/** A URL with a user in it, and attributes with which BuildKit signs in. */
const credentials = /:\/\/[^/?#\s]*@|(token|access_key_id|secret_access_key)=/i;
/** Text that may be a secret: a vendor's token, a URL or option that has one, or one long word of letters and digits without dots and slashes. */
const isSecretive = (text) => text.length > 100 ||
    (0,_schema_fields_js__WEBPACK_IMPORTED_MODULE_1__/* .isTokenLike */ .Hx)(text) ||
    credentials.test(text) ||
    (/^[A-Za-z0-9+=_-]{24,}$/.test(text) && /\d/.test(text));
const spellings = {
    yes: true,
    on: true,
    true: true,
    no: false,
    off: false,
    false: false,
};
/** The value that was meant, among those that are possible: `hgih` is `high`, `yes` is `true`. */
function meant(found, values) {
    if (typeof found !== 'string')
        return undefined;
    const spelled = Object.hasOwn(spellings, found.toLowerCase()) ? spellings[found.toLowerCase()] : undefined;
    if (spelled !== undefined && values.includes(spelled))
        return spelled;
    return nearest(found, values.filter(value => typeof value === 'string'));
}
/** The nearest word, when it is near enough for a slip of the fingers. */
function nearest(word, words) {
    const near = words
        .map(candidate => ({ candidate, steps: (0,fastest_levenshtein__WEBPACK_IMPORTED_MODULE_0__/* .distance */ .Io)(word.toLowerCase(), candidate.toLowerCase()) }))
        .filter(({ candidate, steps }) => steps <= Math.max(2, word.length / 3) && steps < Math.min(word.length, candidate.length));
    return near.sort((a, b) => a.steps - b.steps)[0]?.candidate;
}


/***/ }),

/***/ 73903:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Hp: () => (/* binding */ renderAnnotations),
/* harmony export */   fr: () => (/* binding */ parseAnnotation),
/* harmony export */   uq: () => (/* binding */ checkLevels)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(96564);

/** Where an annotation stands (moby/buildkit, docs/annotations.md); one platform's alone: `manifest[linux/arm64]`. */
const levels = ['manifest', 'index', 'manifest-descriptor', 'index-descriptor'];
const levelPattern = new RegExp(String.raw `^(${levels.join('|')})(\[[a-z0-9]+/[a-z0-9_]+(/v\d+)?\])?$`);
/** Pure: `key=value`, or with levels before it: `manifest,index:key=value`. */
function parseAnnotation(text) {
    const [, before, key = '', value = ''] = /^(?:([a-z,[\]/0-9_-]+):)?([^=]+)=([\s\S]*)$/.exec(text.trim()) ?? [];
    const named = before?.split(',').map(level => level.trim()) ?? [];
    const isKey = key !== '' && !/\s/.test(key.trim());
    if (!isKey)
        return { fault: 'an annotation: name=value, or with levels before it, manifest,index:name=value' };
    const unknown = named.find(level => !levelPattern.test(level));
    return unknown === undefined ? { levels: named, key: key.trim(), value } : { fault: levels.join(', ') };
}
/** @throws UserError for a level that there is none of */
function checkLevels(named) {
    const unknown = named.find(level => !levelPattern.test(level));
    if (unknown === undefined)
        return named;
    throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .UserError */ .yo(`DOCKER_METADATA_ANNOTATIONS_LEVELS: found ${JSON.stringify(unknown)}, expected ${levels.join(', ')}`);
}
/** Pure: as `--annotation` and the annotations of a bake file take them: `manifest:key=value`. */
const renderAnnotations = (annotations) => Object.entries(annotations).flatMap(([level, values]) => Object.entries(values).map(([key, value]) => `${level}:${key}=${value}`));


/***/ }),

/***/ 8155:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   My: () => (/* binding */ destinationOf),
/* harmony export */   WW: () => (/* binding */ destinationSchema),
/* harmony export */   ez: () => (/* binding */ tagRuleSchema),
/* harmony export */   hZ: () => (/* binding */ annotationSchema),
/* harmony export */   iP: () => (/* binding */ flavorSchema)
/* harmony export */ });
/* harmony import */ var zod__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(21582);
/* harmony import */ var _annotations_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(73903);
/* harmony import */ var _flavor_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(28649);
/* harmony import */ var _name_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(9458);
/* harmony import */ var _rule_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(45659);





/** Text that a parser takes; what it has against it is told after "expected". */
const readable = (read, whole) => zod__WEBPACK_IMPORTED_MODULE_4__/* .string */ .YjP().superRefine((text, context) => {
    const found = read(text);
    if (found !== undefined && 'fault' in found)
        context.addIssue({
            code: 'custom',
            message: /^(a|an|the) /.test(found.fault) ? found.fault : `${whole}: ${found.fault}`,
        });
});
/** A tag, a full reference, or a rule: `type=sha`, `type=semver,pattern={{version}}`. */
const tagRuleSchema = readable(_rule_js__WEBPACK_IMPORTED_MODULE_3__/* .parseRules */ .N, 'a rule');
/** `latest=auto`, `suffix=-alpine,onlatest=true` */
const flavorSchema = readable(text => (0,_flavor_js__WEBPACK_IMPORTED_MODULE_1__/* .parseFlavor */ .w)([text]), 'a flavor');
/** `name=value`, or `manifest,index:name=value` */
const annotationSchema = readable(_annotations_js__WEBPACK_IMPORTED_MODULE_0__/* .parseAnnotation */ .fr, 'annotations at');
/** `ghcr.io/acme/web`, or `name=ghcr.io/acme/web,enable=true` */
const destinationSchema = readable(_name_js__WEBPACK_IMPORTED_MODULE_2__/* .parseImage */ .zZ, 'an image');
/** Where an image goes; none where the entry is switched off. */
function destinationOf(text) {
    const name = (0,_name_js__WEBPACK_IMPORTED_MODULE_2__/* .parseImage */ .zZ)(text);
    return name === undefined || 'fault' in name ? [] : [name];
}


/***/ }),

/***/ 28649:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   w: () => (/* binding */ parseFlavor)
/* harmony export */ });
/* harmony import */ var _list_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(72033);

const plain = { latest: 'auto', prefix: '', prefixOnLatest: false, suffix: '', suffixOnLatest: false };
/** Pure: a flavor, from items such as `latest=auto` and `suffix=-alpine,onlatest=true`. */
function parseFlavor(items) {
    let flavor = plain;
    for (const item of items) {
        let about;
        for (const [key, value] of (0,_list_js__WEBPACK_IMPORTED_MODULE_0__/* .attributesOf */ .Td)(item, '')) {
            if (key === 'latest' && (value === 'auto' || value === 'true' || value === 'false'))
                flavor = { ...flavor, latest: value };
            else if (key === 'prefix' || key === 'suffix') {
                about = key;
                flavor = { ...flavor, [key]: value };
            }
            else if (key === 'onlatest' && about !== undefined && /^(true|false)$/.test(value))
                flavor = { ...flavor, [`${about}OnLatest`]: value === 'true' };
            else
                return { fault: faultOf(key) };
        }
    }
    return flavor;
}
function faultOf(key) {
    if (key === 'latest')
        return 'latest=auto, latest=true or latest=false';
    if (key === 'onlatest')
        return 'onlatest=true or onlatest=false, after a prefix or a suffix';
    return 'latest=…, prefix=… or suffix=…';
}


/***/ }),

/***/ 80376:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   e: () => (/* binding */ expressionOf),
/* harmony export */   j: () => (/* binding */ matched)
/* harmony export */ });
/** Pure: a regular expression as it is written in a rule: `v(.*)`, or `/v(.*)/i`. @throws SyntaxError */
function expressionOf(text) {
    const [, inner, flags] = /^\/(.+)\/([a-z]*)$/.exec(text) ?? [];
    return new RegExp(inner ?? text, flags?.replace(/[gy]/g, ''));
}
/** Pure: what an expression finds: the group, or the first one, or the whole where it has none. */
function matched(text, expression, group) {
    const found = expressionOf(expression).exec(text);
    const value = group === undefined ? (found?.[1] ?? found?.[0]) : found?.[group];
    if (found === null || value === undefined)
        return undefined;
    return { text: value, before: text.slice(0, found.index + Math.max(0, found[0].indexOf(value))) };
}


/***/ }),

/***/ 9458:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   $q: () => (/* binding */ parseName),
/* harmony export */   Ve: () => (/* binding */ splitHost),
/* harmony export */   gU: () => (/* binding */ renderName),
/* harmony export */   zZ: () => (/* binding */ parseImage)
/* harmony export */ });
/* harmony import */ var _list_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(72033);

// OCI distribution-spec, "Pulling manifests".
const repositoryPattern = /^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*$/;
const hostPattern = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?$/i;
const hub = 'docker.io';
/** Pure: the host that a name begins with, by Docker's rule: it has a dot or a port, or is localhost. */
function splitHost(name) {
    const [, first = '', rest] = /^([^/]+)\/(.+)$/.exec(name) ?? [];
    const isHost = rest !== undefined && (/[.:]/.test(first) || first === 'localhost');
    return isHost ? { host: first, path: rest } : { host: undefined, path: name };
}
/** Pure: an image by its full name. Without a host it is on Docker Hub, as it is to docker; in lower case, as a must. */
function parseName(text) {
    const { host, path } = splitHost(text.trim());
    const named = host?.toLowerCase();
    const registry = named === 'index.docker.io' ? hub : (named ?? hub);
    const lower = path.toLowerCase();
    const repository = registry === hub && !lower.includes('/') ? `library/${lower}` : lower;
    if (hostPattern.test(registry) && repositoryPattern.test(repository))
        return { registry, repository };
    return { fault: 'the name of an image such as ghcr.io/acme/web, without tag and digest' };
}
/** Pure: a name as people write it: Docker Hub is left out, and `library` with it. */
const renderName = ({ registry, repository }) => registry === hub ? repository.replace(/^library\//, '') : `${registry}/${repository}`;
/** Pure: an entry of `images`: a name, or `name=ghcr.io/acme/web,enable=true`. Undefined where it is switched off. */
function parseImage(text) {
    const attributes = new Map((0,_list_js__WEBPACK_IMPORTED_MODULE_0__/* .attributesOf */ .Td)(text, 'name'));
    if ([...attributes.keys()].some(key => key !== 'name' && key !== 'enable'))
        return { fault: 'name=… and enable=… and nothing else' };
    const enable = attributes.get('enable') ?? 'true';
    if (enable !== 'true' && enable !== 'false')
        return { fault: `enable=true or enable=false` };
    const name = parseName(attributes.get('name') ?? '');
    return 'fault' in name || enable === 'true' ? name : undefined;
}


/***/ }),

/***/ 45659:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   N: () => (/* binding */ parseRules)
/* harmony export */ });
/* harmony import */ var _list_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(72033);
/* harmony import */ var _match_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(80376);
/* harmony import */ var _name_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(9458);



const types = ['schedule', 'semver', 'pep440', 'match', 'edge', 'ref', 'raw', 'sha'];
/** docker/metadata-action, README, "priority attribute". */
const priorities = {
    schedule: 1000,
    semver: 900,
    pep440: 900,
    match: 800,
    edge: 700,
    ref: 600,
    raw: 200,
    sha: 100,
};
const general = ['enable', 'priority', 'prefix', 'suffix'];
const special = {
    schedule: ['pattern'],
    semver: ['pattern', 'value', 'match'],
    pep440: ['pattern', 'value', 'match'],
    match: ['pattern', 'group', 'value'],
    edge: ['branch'],
    ref: ['event'],
    raw: ['value'],
    sha: ['format'],
};
/**
 * Pure: the rules of one item of `tags`. Most give one; `type=ref` without an event stands for branch, tag and pull
 * request, `type=semver` without a pattern for the whole version, `major.minor` and `major`.
 */
function parseRules(text) {
    const attributes = (0,_list_js__WEBPACK_IMPORTED_MODULE_0__/* .attributesOf */ .Td)(text, 'value');
    const isRule = attributes.some(([key, value]) => key !== 'value' || `value=${value}` === text.trim());
    const [only] = attributes;
    if (attributes.some(([, value]) => value.includes('"')))
        return { fault: 'quotes that are closed' };
    if (only === undefined)
        return { fault: 'a tag or a rule, and not nothing' };
    return isRule ? parseAttributes(text, new Map(attributes)) : parsePlain(text, only[1]);
}
function parsePlain(text, value) {
    const common = { text, enable: 'true', priority: priorities.raw, prefix: undefined, suffix: undefined };
    const fixed = value.replaceAll(/\{\{.*?\}\}/g, 'x');
    if (!/[:/@]/.test(fixed))
        return [{ ...common, type: 'raw', value }];
    const [, repository = '', tag] = /^(.+?):([^:/]*\{\{.*|[^:/]*)$/.exec(value) ?? [];
    if (tag === undefined || tag === '')
        return { fault: 'a tag; an image needs one too (acme/web:latest), and a tag with / or : is type=raw,value=…' };
    const name = (0,_name_js__WEBPACK_IMPORTED_MODULE_1__/* .parseName */ .$q)(repository);
    return 'fault' in name ? name : [{ ...common, type: 'reference', name, value: tag, prefix: '', suffix: '' }];
}
function parseAttributes(text, given) {
    const type = types.find(one => one === (given.get('type') ?? 'raw'));
    if (type === undefined)
        return { fault: `type=${types.join('|')}` };
    const known = [...general, ...special[type]];
    if ([...given.keys()].some(key => key !== 'type' && !known.includes(key)))
        return { fault: `type=${type} with ${known.join(', ')} and nothing else` };
    const priority = given.get('priority') ?? String(priorities[type]);
    if (!/^-?\d+$/.test(priority))
        return { fault: `a whole number for priority` };
    const common = {
        text,
        enable: given.get('enable') ?? 'true',
        priority: Number(priority),
        prefix: given.get('prefix'),
        suffix: given.get('suffix'),
    };
    return parseSpecial(type, common, given);
}
function parseSpecial(type, common, given) {
    const value = given.get('value');
    if (type === 'schedule')
        return [{ ...common, type, pattern: given.get('pattern') ?? 'nightly' }];
    if (type === 'edge')
        return [{ ...common, type, branch: given.get('branch') ?? '' }];
    if (type === 'sha')
        return parseSha(common, given.get('format') ?? 'short');
    if (type === 'ref')
        return parseRef(common, given.get('event'));
    if (type === 'match')
        return parseMatch(common, given);
    if (type === 'semver' || type === 'pep440')
        return parseVersion(type, common, given);
    return value === undefined ? { fault: 'a value: type=raw,value=…' } : [{ ...common, type, value }];
}
function parseSha(common, format) {
    if (format !== 'short' && format !== 'long')
        return { fault: `format=short or format=long` };
    return [{ ...common, type: 'sha', format, prefix: common.prefix ?? 'sha-' }];
}
const events = ['branch', 'tag', 'pr'];
function parseRef(common, event) {
    const wanted = events.filter(one => event === undefined || event === one);
    if (wanted.length === 0)
        return { fault: `event=branch, event=tag or event=pr` };
    return wanted.map(one => ({
        ...common,
        type: 'ref',
        event: one,
        prefix: common.prefix ?? (one === 'pr' ? 'pr-' : undefined),
    }));
}
function parseMatch(common, given) {
    const { pattern, group } = { pattern: given.get('pattern') ?? '', group: given.get('group') ?? '0' };
    if (pattern === '')
        return { fault: String.raw `a pattern: type=match,pattern=v(\d+),group=1` };
    if (!/^\d+$/.test(group))
        return { fault: 'a number for group' };
    if (!isExpression(pattern))
        return { fault: `a regular expression for pattern` };
    return [{ ...common, type: 'match', pattern, group: Number(group), value: given.get('value') ?? '' }];
}
const patterns = ['{{version}}', '{{major}}.{{minor}}', '{{major}}'];
function parseVersion(type, common, given) {
    const pattern = given.get('pattern');
    const match = given.get('match') ?? '';
    if (pattern === '')
        return { fault: `a pattern: type=${type},pattern={{version}}` };
    if (!isExpression(match))
        return { fault: `a regular expression for match` };
    const all = pattern === undefined ? patterns : [pattern];
    return all.map(one => ({ ...common, type, pattern: one, value: given.get('value') ?? '', match }));
}
function isExpression(text) {
    try {
        (0,_match_js__WEBPACK_IMPORTED_MODULE_2__/* .expressionOf */ .e)(text);
        return true;
    }
    catch {
        return false;
    }
}


/***/ })

};
