export const id = 388;
export const ids = [388];
export const modules = {

/***/ 98501:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   A: () => (/* binding */ adviceOnEcr),
/* harmony export */   a8: () => (/* binding */ adviceOnSts),
/* harmony export */   nj: () => (/* binding */ adviceOnMachine)
/* harmony export */ });
/** What each word of the network or of a signature means, whichever service said it. */
const anywhere = [
    [
        /RequestTimeTooSkewed|RequestExpired|signature (expired|not yet current)/i,
        "this machine's clock is wrong by minutes (STS bears 15, ECR 5): compare it with date -u.",
    ],
    [
        /SignatureDoesNotMatch|InvalidSignature/,
        'the secret access key is mistyped, ends in a line end, or does not belong to the key id.',
    ],
    [
        /InvalidClientTokenId|UnrecognizedClient/,
        'AWS does not know this access key: it may be deleted, inactive, or of another partition.',
    ],
    [
        /UNABLE_TO_VERIFY|SELF_SIGNED|unable to get (local )?issuer|DEPTH_ZERO/i,
        'the certificate is of an authority that this machine does not know: name its CA in NODE_EXTRA_CA_CERTS or AWS_CA_BUNDLE.',
    ],
    [
        /ERR_PROXY_TUNNEL.* 407\b/s,
        'the proxy asks for a user and a password: HTTPS_PROXY=http://user:password@host:port.',
    ],
    [
        /ERR_PROXY_TUNNEL/,
        'the proxy of HTTPS_PROXY did not let the call through: it must allow this host, or NO_PROXY name it.',
    ],
    [
        /ERR_INVALID_CHAR/,
        'a line end or another character that no header takes is in AWS_ACCESS_KEY_ID or AWS_SESSION_TOKEN: write the secret anew, without it.',
    ],
    [
        /Deserialization error|Unexpected token|answered without/,
        'something between here and AWS answered in its place, such as a proxy or a page to sign in at: see HTTPS_PROXY and NO_PROXY, and AWS_ENDPOINT_URL where it is set.',
    ],
    [
        /ECONN|ENOTFOUND|ETIMEDOUT|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|TimeoutError|ERR_PROXY/,
        'the host was not reached: a proxy is taken from HTTPS_PROXY and NO_PROXY; a network of IPv6 alone needs AWS_USE_DUALSTACK_ENDPOINT=true.',
    ],
];
const sts = [
    [
        /ExpiredToken/,
        'AWS took the token for too old, also one asked for anew; the keys of an earlier step, or the token of a pod (AWS_WEB_IDENTITY_TOKEN_FILE), may be over.',
    ],
    [/IDPRejectedClaim/, 'the identity provider refused the token; it may have been revoked.'],
    [
        /InvalidIdentityToken.*No OpenIDConnect provider/i,
        'the account of the role has no identity provider for this issuer: make one in IAM, or see that the account is the right one.',
    ],
    [
        /InvalidIdentityToken.*audience/i,
        'the audience is not one that the identity provider in IAM knows: add it there, or set audience.',
    ],
    [
        /(IDPCommunicationError|retrieve verification key)/,
        "AWS could not fetch GitHub's keys in all that time: run again later, and see githubstatus.com.",
    ],
    [/RegionDisabled/, 'STS is turned off for this region in the account: turn it on, or set aws-region.'],
    [/PackedPolicyTooLarge|MalformedPolicyDocument/, 'look at inline-session-policy and managed-session-policies.'],
    [
        /DurationSeconds.*chaining/,
        'a role that is assumed by another lasts an hour at most: lower role-duration-seconds to 3600.',
    ],
    [/DurationSeconds/, "role-duration-seconds is more than the role's maximum session duration."],
    [
        /ValidationError/,
        'an input is not as AWS wants it: look at role-to-assume, role-session-name, role-duration-seconds, inline-session-policy, managed-session-policies.',
    ],
];
const ecr = [
    [
        /AccessDenied.*session policy/s,
        'inline-session-policy or managed-session-policies leave it out: allow what the message names there too.',
    ],
    [
        /AccessDenied.*ecr-public/s,
        'allow the role ecr-public:GetAuthorizationToken and sts:GetServiceBearerToken on "*".',
    ],
    [/AccessDenied/, 'allow the role ecr:GetAuthorizationToken on "*".'],
    [
        /ExpiredToken/,
        "the role's session is over: ask for a longer one with role-duration-seconds, or log in later in the job.",
    ],
];
/** Pure: what an answer of STS means for whoever wrote the workflow; undefined when the claims must tell. */
const adviceOnSts = (failure) => find([...sts, ...anywhere], failure);
/** Pure: what an answer of ECR means. */
const adviceOnEcr = (failure) => find([...ecr, ...anywhere], failure) ?? 'see that region and account are the right ones.';
/** Where credentials were looked for, and what to do when there were none; the first of which one variable is set. */
const machines = [
    [
        ['AWS_CONTAINER_CREDENTIALS_FULL_URI', 'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI'],
        'the container has a place for its credentials, which gave none: look at the role of the task or the pod, and at AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE.',
    ],
    [
        ['AWS_PROFILE'],
        'the profile that AWS_PROFILE names gives none here: see aws sts get-caller-identity, or log in with aws sso login.',
    ],
    [
        ['AWS_WEB_IDENTITY_TOKEN_FILE'],
        'the web identity of AWS_WEB_IDENTITY_TOKEN_FILE gives none here: see that AWS_ROLE_ARN is set and the file can be read.',
    ],
];
/** Pure: what to do where the machine has no credentials of AWS. `chaining`: a role was to be assumed with them. */
function adviceOnMachine(env, chaining = false) {
    const known = machines.find(([names]) => names.some(name => env[name]))?.[1];
    if (known !== undefined)
        return known;
    const role = chaining
        ? 'leave out role-chaining, with permissions: id-token: write'
        : 'give role-to-assume with permissions: id-token: write';
    return `there are no AWS credentials here: ${role}, or set AWS_ACCESS_KEY_ID.${env.AWS_EC2_METADATA_DISABLED === 'true' ? '' : ' An instance of EC2 needs a role, and for a job in a container a hop limit of 2 (modify-instance-metadata-options).'}`;
}
const find = (advice, { name, code, message }) => advice.find(([pattern]) => pattern.test(`${name} ${code ?? ''} ${message}`))?.[1];


/***/ }),

/***/ 83614:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   r: () => (/* binding */ stsOptions),
/* harmony export */   s: () => (/* binding */ clientOptions)
/* harmony export */ });
/* harmony import */ var _program_agents_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(85520);

/**
 * Options of every client of the SDK here: our own retry alone (`maxAttempts: 1`), our proxies and CA, short time-outs.
 * Endpoints (FIPS, dual-stack, China, GovCloud, sovereign; `AWS_ENDPOINT_URL_*`) are found by the SDK's own rules.
 */
async function clientOptions({ service, region }, env, { credentials, unsigned = false, fips = false, dualStack = false } = {}) {
    const { NodeHttpHandler } = await Promise.all(/* import() */[__webpack_require__.e(411), __webpack_require__.e(69)]).then(__webpack_require__.t.bind(__webpack_require__, 48069, 19));
    const { http, https } = (0,_program_agents_js__WEBPACK_IMPORTED_MODULE_0__/* .agentsOf */ .e)(env);
    // An address that the user gives is meant as it is, and the SDK takes none of these with it.
    const given = Boolean(env[`AWS_ENDPOINT_URL_${service}`] || env.AWS_ENDPOINT_URL);
    const requestHandler = new NodeHttpHandler({
        httpAgent: http,
        httpsAgent: https,
        connectionTimeout: 5_000,
        requestTimeout: 15_000,
        throwOnRequestTimeout: true,
    });
    return {
        region,
        maxAttempts: 1,
        requestHandler,
        ...(fips && !given && !env.AWS_USE_FIPS_ENDPOINT ? { useFipsEndpoint: true } : {}),
        ...(dualStack && !given && !env.AWS_USE_DUALSTACK_ENDPOINT ? { useDualstackEndpoint: true } : {}),
        ...(credentials === undefined ? {} : { credentials }),
        ...(unsigned ? { credentials: { accessKeyId: '', secretAccessKey: '' } } : {}),
    };
}
/** Options of a client of STS. */
const stsOptions = ({ region, fips, dualStack }, env, options = {}) => clientOptions({ service: 'STS', region }, env, { ...options, fips, dualStack });


/***/ }),

/***/ 78179:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   L8: () => (/* binding */ classify),
/* harmony export */   T2: () => (/* binding */ isWithoutKeys),
/* harmony export */   g5: () => (/* binding */ failureOf)
/* harmony export */ });
/** Pure: a failure from whatever was thrown. */
function failureOf(error) {
    const given = error;
    // Node tries IPv6 and IPv4 in turn, and where both fail says so without a word.
    if (!given.message && given.errors?.[0] !== undefined)
        return failureOf(given.errors[0]);
    return {
        name: given.name ?? 'Error',
        message: given.message ?? String(error),
        code: given.code ?? given.cause?.code,
        status: given.$metadata?.httpStatusCode ?? given.status,
    };
}
/** Pure: true where the machine gave no credentials to ask with (@smithy/core, CredentialsProviderError). */
const isWithoutKeys = ({ name }) => name === 'CredentialsProviderError';
/** The classes by the code of AWS's error, where the code alone says it (STS API reference, "Errors"). */
const classes = {
    Throttling: 'throttled',
    ThrottlingException: 'throttled',
    TooManyRequestsException: 'throttled',
    RequestLimitExceeded: 'throttled',
    RequestThrottled: 'throttled',
    SlowDown: 'throttled',
    IDPCommunicationError: 'identity provider out',
    IDPCommunicationErrorException: 'identity provider out',
    InvalidIdentityToken: 'token not accepted',
    InvalidIdentityTokenException: 'token not accepted',
    ExpiredToken: 'token not accepted',
    ExpiredTokenException: 'token not accepted',
    RequestTimeTooSkewed: 'clock skewed',
    RequestExpired: 'clock skewed',
    AccessDenied: 'denied',
    AccessDeniedException: 'denied',
    InternalFailure: 'transient',
    InternalError: 'transient',
    InternalServerException: 'transient',
    ServerException: 'transient',
    ServiceUnavailable: 'transient',
    ServiceUnavailableException: 'transient',
    RequestTimeout: 'transient',
    TimeoutError: 'transient',
};
const network = /^(ECONN(RESET|REFUSED|ABORTED)|E(TIMEDOUT|PIPE|AI_AGAIN|HOSTUNREACH|NETUNREACH)|UND_ERR_.*)$/;
/** Pure: the class of a failure. `fresh`: the credentials were given out a moment ago. */
function classify(failure, { fresh = false } = {}) {
    const { name, message, code, status } = failure;
    // STS has two words for keys that it could not fetch; this one would otherwise read as a bad token.
    if (/InvalidIdentityToken/.test(name) && /retrieve verification key/i.test(message))
        return 'identity provider out';
    // A part of AWS has not heard yet of credentials a second old; of any others it never will.
    if (/InvalidClientTokenId|UnrecognizedClient/.test(name))
        return fresh ? 'not yet known' : 'permanent';
    if (/Signature/.test(name) && /signature (expired|not yet current)/i.test(message))
        return 'clock skewed';
    const known = classes[name];
    if (known !== undefined)
        return known;
    if (code !== undefined && network.test(code))
        return 'transient';
    if (code === 'ERR_PROXY_TUNNEL' && /HTTP\/\S+ 5\d\d/.test(message))
        return 'transient';
    if (status === 429)
        return 'throttled';
    return status !== undefined && status >= 500 ? 'transient' : 'permanent';
}


/***/ }),

/***/ 29412:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  K: () => (/* binding */ becomeIdentity),
  N: () => (/* binding */ hasAmbientKeys)
});

// EXTERNAL MODULE: ./.build/src/errors.js
var errors = __webpack_require__(96564);
// EXTERNAL MODULE: ./.build/src/github/id-token.js
var id_token = __webpack_require__(64822);
// EXTERNAL MODULE: ./.build/src/github/job.js
var job = __webpack_require__(10264);
// EXTERNAL MODULE: ../../../work/main/node_modules/zod/v4/classic/schemas.js + 6 modules
var schemas = __webpack_require__(21582);
;// CONCATENATED MODULE: ./.build/src/github/claims.js

/** The claims of GitHub's ID token that a trust policy may ask for (docs.github.com, "OpenID Connect reference"). */
const claimsSchema = schemas/* looseObject */._H3({
    iss: schemas/* string */.YjP(),
    aud: schemas/* union */.KCZ([schemas/* string */.YjP(), schemas/* array */.YOg(schemas/* string */.YjP())]),
    sub: schemas/* string */.YjP(),
    exp: schemas/* number */.aig().optional(),
    iat: schemas/* number */.aig().optional(),
    nbf: schemas/* number */.aig().optional(),
    ref: schemas/* string */.YjP().optional(),
    environment: schemas/* string */.YjP().optional(),
    repository: schemas/* string */.YjP().optional(),
    repository_id: schemas/* string */.YjP().optional(),
    repository_owner: schemas/* string */.YjP().optional(),
    repository_owner_id: schemas/* string */.YjP().optional(),
    event_name: schemas/* string */.YjP().optional(),
    job_workflow_ref: schemas/* string */.YjP().optional(),
    workflow_ref: schemas/* string */.YjP().optional(),
});
/** Pure: the claims of a token, unverified: they are our own, for a message. Undefined when it is no JWT. */
function readClaims(token) {
    try {
        const [, payload = ''] = token.split('.');
        return claimsSchema.parse(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')));
    }
    catch {
        return undefined;
    }
}

// EXTERNAL MODULE: ./.build/src/aws/client.js
var aws_client = __webpack_require__(83614);
// EXTERNAL MODULE: ./.build/src/aws/advice.js
var aws_advice = __webpack_require__(98501);
// EXTERNAL MODULE: ./.build/src/aws/failure.js
var aws_failure = __webpack_require__(78179);
;// CONCATENATED MODULE: ./.build/src/aws/diagnose.js



/** Pure: what AWS said, which of our claims it may have disliked, and a condition to paste. */
function explainRefusal(failure, { role, claims, env, chaining = false }) {
    const { name, code, message } = failure;
    const unasked = code !== undefined || (0,aws_failure/* isWithoutKeys */.T2)(failure);
    const what = unasked ? 'AWS was not asked' : 'AWS refused';
    const whom = role === undefined ? '' : !unasked ? ` the role ${role}` : ` for the role ${role}`;
    const advice = (0,aws_failure/* isWithoutKeys */.T2)(failure) ? (0,aws_advice/* adviceOnMachine */.nj)(env, chaining) : (0,aws_advice/* adviceOnSts */.a8)(failure);
    const denied = /AccessDenied/.test(name);
    const hints = [
        ...(advice === undefined ? [] : [advice]),
        ...(denied ? hintsOnDenial(claims, !chaining && hasNoToken(env)) : []),
    ];
    return [
        `${what}${whom}: ${message} (${code ?? name})`,
        ...(claims === undefined || isOutOfReach(failure) ? [] : listClaims(claims)),
        ...hints.map(hint => `Likely: ${hint}`),
        ...(denied && claims !== undefined ? conditionFor(claims) : []),
    ].join('\n');
}
/** No answer came, or none about us: then the claims are nobody's fault. */
const isOutOfReach = ({ code, status }) => code !== undefined || (status !== undefined && status >= 500);
const shown = ['iss', 'aud', 'sub', 'ref', 'environment', 'event_name', 'job_workflow_ref'];
const listClaims = (claims) => shown.flatMap(name => {
    const value = claims[name];
    return value === undefined ? [] : [`  ${name.padEnd(17)}${[value].flat().join(', ')}`];
});
function hintsOnDenial(claims, isMissingToken) {
    if (claims === undefined)
        return [...(isMissingToken ? [withoutToken] : []), byKeys];
    const special = kinds.filter(({ fits }) => fits(claims)).map(({ hint }) => hint(claims));
    return [...special.slice(0, 2), general];
}
/** A job that was not allowed an ID token, so that other credentials were used in its place. */
const hasNoToken = (env) => env.GITHUB_ACTIONS === 'true' && (0,id_token/* findTokenSource */.e)(env) === undefined;
const withoutToken = 'the job was to use an ID token, and may not ask for one: add to it permissions: { id-token: write, contents: read }. The credentials of the machine were used in its place.';
const byKeys = "the role's trust policy does not name this identity, asks for an external id, or there is no such role.";
const general = "the role's trust policy asks for another sub or aud, names the identity provider of another account, asks for a claim that AWS does not see (repository_owner_id, event_name), or there is no such role.";
/** What about a job makes its claims other than most trust policies expect, the likeliest first. */
const kinds = [
    {
        fits: ({ aud }) => !/^sts\.amazonaws\.com(\.cn)?$/.test([aud].flat().join(' ')),
        hint: ({ aud }) => `the audience is ${[aud].flat().join(', ')}; most policies ask for sts.amazonaws.com.`,
    },
    {
        fits: ({ sub }) => /^repo:[^:]*@\d+\/[^:]*@\d+:/.test(sub),
        hint: () => 'the repository has the immutable form of sub, with ids (since July 2026): a policy with the old form does not match it.',
    },
    {
        fits: ({ sub }) => sub.includes(':environment:'),
        hint: ({ environment }) => `the job runs in the environment ${environment}, so sub names it and not the branch.`,
    },
    {
        fits: ({ sub }) => sub.endsWith(':pull_request'),
        hint: () => 'this is a pull request: its sub ends in :pull_request, which a policy for a branch does not match.',
    },
    {
        fits: ({ job_workflow_ref: job, workflow_ref: started }) => job !== undefined && job !== started,
        hint: () => 'the job is of a reusable workflow: a policy that pins job_workflow_ref must name that one.',
    },
];
function conditionFor({ iss, aud, sub }) {
    const issuer = iss.replace(/^https:\/\//, '');
    const condition = { StringEquals: { [`${issuer}:aud`]: [aud].flat()[0], [`${issuer}:sub`]: sub } };
    const lines = JSON.stringify({ Condition: condition }, undefined, 2).split('\n').slice(1, -1);
    return ['A condition for the trust policy that this job meets:', ...lines];
}

// EXTERNAL MODULE: ./.build/src/aws/retry.js
var retry = __webpack_require__(30467);
;// CONCATENATED MODULE: ./.build/src/aws/assume.js







/** Assumes the role with GitHub's ID token: two calls. @throws OutsideError that explains the refusal */
async function assumeByToken(request, source, around) {
    if (request.externalId !== undefined)
        around.say('role-external-id: not used, since an ID token has none; it goes with role-chaining');
    const tokens = openTokens(source, request.audience, around);
    // Asked for at once: the client loads meanwhile. A refusal is heard where the token is taken.
    tokens.take(false).catch(() => { });
    const { STSClient, AssumeRoleWithWebIdentityCommand } = await Promise.all(/* import() */[__webpack_require__.e(411), __webpack_require__.e(69), __webpack_require__.e(604), __webpack_require__.e(563), __webpack_require__.e(257)]).then(__webpack_require__.t.bind(__webpack_require__, 69257, 19));
    const client = new STSClient(await (0,aws_client/* stsOptions */.r)(request, around.env, { unsigned: true }));
    const assume = async ({ newToken }) => {
        const WebIdentityToken = await tokens.take(newToken);
        const command = new AssumeRoleWithWebIdentityCommand({ ...common(request), WebIdentityToken });
        return identityOf(await client.send(command, { abortSignal: around.signal }), request, around);
    };
    try {
        return await (0,retry/* withRetry */.b)('Assume the role', assume, around);
    }
    catch (error) {
        around.signal.throwIfAborted();
        throw refusal(error, { role: request.role, claims: tokens.claims(), env: around.env });
    }
    finally {
        client.destroy();
    }
}
/** The ID token of a series of tries: the same one, until a new one is wanted. It is masked before it is used. */
function openTokens(source, audience, around) {
    const { env, signal, mask } = around;
    let token;
    let claims;
    mask(source.bearer);
    return {
        claims: () => claims,
        take(fresh) {
            if (token === undefined || fresh)
                token = ask();
            return token;
        },
    };
    async function ask() {
        const asked = await askForToken(() => (0,id_token/* fetchIdToken */.F)({ source, audience, env, signal }), around);
        mask(asked);
        claims = readClaims(asked);
        return asked;
    }
}
async function askForToken(ask, around) {
    try {
        return await (0,retry/* withRetry */.b)("GitHub's ID token", ask, around);
    }
    catch (error) {
        around.signal.throwIfAborted();
        if (error instanceof errors/* UserError */.yo)
            throw error;
        const failure = (0,aws_failure/* failureOf */.g5)(error);
        const { message, code } = failure;
        throw new errors/* OutsideError */.Cp(`No ID token from GitHub: ${message}${code === undefined ? '' : ` (${code})`}\nRun again later, and see githubstatus.com; behind a proxy, see HTTPS_PROXY, NO_PROXY and AWS_CA_BUNDLE.`, { cause: failure });
    }
}
/** Assumes the role with the credentials that are there. @throws OutsideError */
async function assumeByKeys(request, around) {
    const { STSClient, AssumeRoleCommand } = await Promise.all(/* import() */[__webpack_require__.e(411), __webpack_require__.e(69), __webpack_require__.e(604), __webpack_require__.e(563), __webpack_require__.e(257)]).then(__webpack_require__.t.bind(__webpack_require__, 69257, 19));
    const client = new STSClient(await (0,aws_client/* stsOptions */.r)(request, around.env));
    const { externalId } = request;
    const command = new AssumeRoleCommand({ ...common(request), ...(externalId && { ExternalId: externalId }) });
    const assume = async () => identityOf(await client.send(command, { abortSignal: around.signal }), request, around);
    try {
        return await (0,retry/* withRetry */.b)('Assume the role', assume, around);
    }
    catch (error) {
        around.signal.throwIfAborted();
        const { role, chaining } = request;
        throw refusal(error, { role, chaining, claims: undefined, env: around.env });
    }
    finally {
        client.destroy();
    }
}
const common = ({ role, sessionName, duration, inlinePolicy, managedPolicies }) => ({
    RoleArn: role,
    RoleSessionName: sessionName,
    ...(duration === undefined ? {} : { DurationSeconds: duration }),
    ...(inlinePolicy === undefined ? {} : { Policy: inlinePolicy }),
    ...(managedPolicies.length === 0 ? {} : { PolicyArns: managedPolicies.map(arn => ({ arn })) }),
});
function identityOf({ Credentials, AssumedRoleUser }, { region }, { mask }) {
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials ?? {};
    if (!AccessKeyId || !SecretAccessKey || !SessionToken)
        throw new errors/* OutsideError */.Cp('STS answered without credentials');
    for (const secret of [SecretAccessKey, SessionToken])
        mask(secret);
    const arn = AssumedRoleUser?.Arn ?? '';
    const credentials = {
        accessKeyId: AccessKeyId,
        secretAccessKey: SecretAccessKey,
        sessionToken: SessionToken,
        ...(Expiration && { expiration: Expiration }),
    };
    // arn:aws:sts::123456789012:assumed-role/ci/name: its fifth field spares a GetCallerIdentity.
    return { account: arn.split(':')[4] ?? '', arn, region, credentials, assumed: true };
}
/** An error as it is told: one that explains itself as it is, any other by what AWS said. */
function refusal(error, asked) {
    if (error instanceof errors/* UserError */.yo || error instanceof errors/* OutsideError */.Cp)
        return error;
    const failure = (0,aws_failure/* failureOf */.g5)(error);
    return new errors/* OutsideError */.Cp(explainRefusal(failure, asked), { cause: failure });
}

;// CONCATENATED MODULE: ./.build/src/aws/identity.js






/**
 * Becomes the role, or finds out who the machine is. The ID token is asked for right before it is used.
 * @throws UserError for what the job lacks; OutsideError that explains a refusal from our own claims.
 */
async function becomeIdentity(request, around) {
    for (const name of ['AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN']) {
        const secret = around.env[name];
        if (secret)
            around.mask(secret);
    }
    // The account of a role is in its ARN: one that is not allowed is not even asked.
    checkAccount(request.role?.split(':')[4], request);
    const identity = await findIdentity(request, around);
    checkAccount(identity.account, request);
    return identity;
}
function checkAccount(account, { role, allowedAccounts }) {
    if (account === undefined || allowedAccounts.length === 0 || allowedAccounts.includes(account))
        return;
    throw new errors/* UserError */.yo(`allowed-account-ids: ${role === undefined ? 'the AWS credentials are' : `${role} is`} of account ${account}, and allowed are ${allowedAccounts.join(', ')}`);
}
async function findIdentity(request, around) {
    const { role, chaining } = request;
    if (role === undefined)
        return callerIdentity(request, around);
    const source = chaining ? undefined : (0,id_token/* findTokenSource */.e)(around.env);
    if (source !== undefined)
        return assumeByToken({ ...request, role }, source, around);
    if (!chaining && !hasAmbientKeys(around.env))
        throw new errors/* UserError */.yo((0,job/* explainMissingToken */.LH)(around.env));
    if (!chaining && around.env.GITHUB_ACTIONS === 'true')
        around.say('This job can not ask for an ID token: the role is assumed with the AWS credentials of the machine');
    if ((request.duration ?? 0) > 3600 && around.env.AWS_SESSION_TOKEN) {
        throw new errors/* UserError */.yo(`role-duration-seconds: ${request.duration}, and a role that is assumed by another lasts 3600 at most`);
    }
    return assumeByKeys({ ...request, role }, around);
}
/** Variables of which one says that the machine has credentials; an instance of EC2 has none of them. */
const ambient = [
    'AWS_ACCESS_KEY_ID',
    'AWS_PROFILE',
    'AWS_CONTAINER_CREDENTIALS_FULL_URI',
    'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
    'AWS_WEB_IDENTITY_TOKEN_FILE',
];
/** True where the environment says that there are credentials of AWS. */
const hasAmbientKeys = (env) => ambient.some(name => Boolean(env[name]));
/** The credentials of the machine are asked for once, by the SDK's own chain, and serve every call after that. */
async function callerIdentity(request, around) {
    const { STSClient, GetCallerIdentityCommand } = await Promise.all(/* import() */[__webpack_require__.e(411), __webpack_require__.e(69), __webpack_require__.e(604), __webpack_require__.e(563), __webpack_require__.e(257)]).then(__webpack_require__.t.bind(__webpack_require__, 69257, 19));
    const client = new STSClient(await (0,aws_client/* stsOptions */.r)(request, around.env, { credentials: request.keys }));
    const ask = async () => {
        const credentials = await client.config.credentials();
        maskKeys(credentials, around);
        const { Account = '', Arn = '' } = await client.send(new GetCallerIdentityCommand({}), {
            abortSignal: around.signal,
        });
        return { account: Account, arn: Arn, region: request.region, credentials, assumed: false };
    };
    try {
        return await (0,retry/* withRetry */.b)('Ask who we are', ask, around);
    }
    catch (error) {
        around.signal.throwIfAborted();
        throw refusal(error, { role: undefined, claims: undefined, env: around.env });
    }
    finally {
        client.destroy();
    }
}
/** Masks what came from elsewhere than the environment, which is masked already. */
function maskKeys({ secretAccessKey, sessionToken }, { env, mask }) {
    if (secretAccessKey !== env.AWS_SECRET_ACCESS_KEY)
        mask(secretAccessKey);
    if (sessionToken !== undefined && sessionToken !== env.AWS_SESSION_TOKEN)
        mask(sessionToken);
}


/***/ }),

/***/ 37981:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   C: () => (/* binding */ faultOfHost),
/* harmony export */   T: () => (/* binding */ parseRegistryHost)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(96564);

/** Which regions a domain serves (amazon-ecr-credential-helper, ecr-login/api/client.go; the SDK's partitions.json). */
const domains = [
    { domain: 'amazonaws.com', regions: /^us-gov-/, partition: 'aws-us-gov' },
    { domain: 'on.aws', regions: /^us-gov-/, partition: 'aws-us-gov' },
    { domain: 'amazonaws.com', regions: /^(us|eu|ap|sa|ca|me|af|il|mx)-(?!iso)/, partition: 'aws' },
    { domain: 'on.aws', regions: /^(us|eu|ap|sa|ca|me|af|il|mx)-(?!iso)/, partition: 'aws' },
    { domain: 'amazonaws.com.cn', regions: /^cn-/, partition: 'aws-cn' },
    { domain: 'on.amazonwebservices.com.cn', regions: /^cn-/, partition: 'aws-cn' },
    { domain: 'amazonaws.eu', regions: /^eusc-/, partition: 'aws-eusc' },
    { domain: 'c2s.ic.gov', regions: /^us-iso-/, partition: 'aws-iso' },
    { domain: 'sc2s.sgov.gov', regions: /^us-isob-/, partition: 'aws-iso-b' },
    { domain: 'cloud.adc-e.uk', regions: /^eu-isoe-/, partition: 'aws-iso-e' },
    { domain: 'csp.hci.ic.gov', regions: /^us-isof-/, partition: 'aws-iso-f' },
];
const privateHost = /^(\d{12})\.dkr([.-])ecr(-fips)?\.([a-z]{2,}(?:-[a-z0-9]+)+-\d+)\.([a-z0-9.-]+)$/;
/** The second is reached by IPv6 as well (ECR Public user guide, "Dual-stack endpoints"). */
const publicHosts = ['public.ecr.aws', 'ecr-public.aws.com'];
const nearMiss = /^\d{11,13}$|(^|\.)dkr[.-]ecr|(^|\.)ecr[.-].*amazonaws|^public\.ecr|^\d{10,14}\..*\.amazonaws\.(com|eu)/i;
/** Pure: what a registry host is. Account, region and partition are in its name, so none is asked for. */
function parseRegistryHost(host) {
    const found = findPrivate(host);
    if (found !== undefined)
        return found;
    if (publicHosts.includes(host))
        return { kind: 'ecr-public', host, dualStack: host === publicHosts[1] };
    const fault = faultOfHost(host);
    if (fault === undefined)
        return { kind: 'other', host };
    throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .UserError */ .yo(`registries: ${host} is not ${fault}`);
}
function findPrivate(host) {
    const [, account, dot, fips, region, domain] = privateHost.exec(host) ?? [];
    if (account === undefined || region === undefined)
        return undefined;
    const place = domains.find(one => one.domain === domain && one.regions.test(region));
    if (dot !== separatorOf(domain))
        return undefined;
    if (place === undefined)
        return undefined;
    const { partition } = place;
    return { kind: 'ecr', host, account, region, partition, fips: fips !== undefined, dualStack: dot === '-' };
}
/** Hosts that are reached by IPv6 as well are `dkr-ecr`, the others `dkr.ecr` (ECR user guide, "Dual-stack"). */
const separatorOf = (domain = '') => (domain.startsWith('on.') ? '-' : '.');
/** Pure: what is wrong with a host that means ECR and is none, after "expected"; undefined for any other host. */
function faultOfHost(host) {
    if (findPrivate(host) !== undefined || publicHosts.includes(host) || !nearMiss.test(host))
        return undefined;
    return `a host of ECR such as 123456789012.dkr.ecr.eu-west-1.amazonaws.com or public.ecr.aws: ${whatIsWrong(host)}`;
}
function whatIsWrong(host) {
    const [first = ''] = host.split('.', 1);
    if (/[:/]/.test(host))
        return 'it has a port or a path, and hosts of ECR have neither';
    if (host.endsWith('.'))
        return 'it ends with a dot';
    if (/^\d{12}$/.test(host))
        return 'this is an account, and a region belongs to it';
    if (host !== host.toLowerCase())
        return 'it has capital letters';
    if (/^\d+$/.test(first) && first.length !== 12)
        return `an account has 12 digits, this one has ${first.length}`;
    if (!/^\d{12}$/.test(first))
        return 'it begins with no account of 12 digits';
    const [, region] = /\.([a-z]{2,}(?:-[a-z0-9]+)+-\d+)\./.exec(host) ?? [];
    if (region === undefined)
        return 'there is no region in it';
    const right = domains.filter(({ regions }) => regions.test(region)).map(({ domain }) => domain);
    if (right.length === 0)
        return `there is no region ${region}`;
    const [, dot, domain] = /^\d+\.dkr([.-])ecr(?:-fips)?\.[^.]+\.(.+)$/.exec(host) ?? [];
    if (domain !== undefined && right.includes(domain) && dot !== separatorOf(domain))
        return `below ${domain} it is dkr${separatorOf(domain)}ecr`;
    return `hosts of ${region} are below ${[...new Set(right)].join(' or ')}`;
}


/***/ }),

/***/ 30467:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   b: () => (/* binding */ withRetry)
/* harmony export */ });
/* unused harmony export rules */
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(96564);
/* harmony import */ var _program_backoff_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(44320);
/* harmony import */ var _failure_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(78179);



/** The whole policy. AWS's own clients retry neither the third class nor the fourth. */
const rules = {
    transient: { tries: 6, base: 200, cap: 5_000, budget: 30_000, newToken: false },
    throttled: { tries: 8, base: 300, cap: 5_000, budget: 45_000, newToken: false },
    // AWS could not fetch GitHub's keys: it needs seconds, not milliseconds.
    'identity provider out': { tries: 8, base: 1_000, cap: 5_000, budget: 45_000, newToken: false },
    // An old token, or a clock: one more with a new one.
    'token not accepted': { tries: 2, base: 200, cap: 500, budget: 10_000, newToken: true },
    'not yet known': { tries: 4, base: 300, cap: 2_000, budget: 8_000, newToken: false },
    // The SDK has learnt the time of AWS from the answer, and signs with it from then on.
    'clock skewed': { tries: 2, base: 0, cap: 0, budget: 10_000, newToken: false },
    // A role or a policy made a moment ago; anybody else waits for nothing, so once and soon.
    denied: { tries: 2, base: 500, cap: 500, budget: 1_500, newToken: false },
    permanent: { tries: 1, base: 0, cap: 0, budget: 0, newToken: false },
};
/** Tries until it goes well or the rule of its failure is used up; then the last failure is thrown as it came. */
async function withRetry(title, attempt, { signal, say, fresh = false, random = Math.random }) {
    const began = Date.now();
    const counts = new Map();
    for (let number = 1, newToken = false;; number += 1) {
        signal.throwIfAborted();
        try {
            return await attempt({ number, newToken });
        }
        catch (error) {
            signal.throwIfAborted();
            // Already explained: whatever there was to retry has been.
            if (error instanceof _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .OutsideError */ .Cp || error instanceof _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .UserError */ .yo)
                throw error;
            const failure = (0,_failure_js__WEBPACK_IMPORTED_MODULE_0__/* .failureOf */ .g5)(error);
            const kind = (0,_failure_js__WEBPACK_IMPORTED_MODULE_0__/* .classify */ .L8)(failure, { fresh });
            const rule = rules[kind];
            const met = (counts.get(kind) ?? 0) + 1;
            counts.set(kind, met);
            const wait = (0,_program_backoff_js__WEBPACK_IMPORTED_MODULE_2__/* .waitOf */ .p)(rule, met, random());
            if (met >= rule.tries || Date.now() - began + wait > rule.budget)
                throw error;
            say(`${title}: ${failure.code ?? failure.name} (${kind}); again in ${(wait / 1000).toFixed(1)} s`);
            await (0,_program_backoff_js__WEBPACK_IMPORTED_MODULE_2__/* .pause */ .v)(wait, signal);
            newToken = rule.newToken;
        }
    }
}


/***/ }),

/***/ 24660:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   c3: () => (/* binding */ alternativesOf),
/* harmony export */   o2: () => (/* binding */ isShape),
/* harmony export */   pl: () => (/* binding */ typesOf)
/* harmony export */ });
/** True for a shape that says something: `true` and `false` are shapes too. */
const isShape = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
/** The alternatives of a shape: itself, where it has none. */
const alternativesOf = (shape) => shape.anyOf === undefined ? [shape] : shape.anyOf.filter(isShape).flatMap(alternativesOf);
/** The JSON types that may stand where a shape says. */
const typesOf = (shape) => new Set(alternativesOf(shape).flatMap(({ type }) => type ?? []));


/***/ }),

/***/ 72917:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   K: () => (/* binding */ splitList),
/* harmony export */   r: () => (/* binding */ parseText)
/* harmony export */ });
/* harmony import */ var _schema_csv_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(61987);
/* harmony import */ var _tags_list_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(72033);
/* harmony import */ var _alternatives_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(24660);



/**
 * What a text says where a shape stands. Text that is not what the shape wants stays text, so that the schema says what
 * it wants. `parseMapping` reads what is a mapping, which is YAML.
 */
function parseText(text, shape, parseMapping) {
    const types = (0,_alternatives_js__WEBPACK_IMPORTED_MODULE_2__/* .typesOf */ .pl)(shape);
    const { list } = shape;
    if (isLines(shape))
        return parseLines(text, isSplit(list) ? list : 'lines');
    if (list === 'tags')
        return { value: (0,_tags_list_js__WEBPACK_IMPORTED_MODULE_1__/* .splitRules */ .KV)(text) };
    if (list === 'rules')
        return { value: splitList(text) };
    if (isSplit(list))
        return parseItems(text, list);
    if (types.has('object') || isListAlone(types))
        return parseMapping(text);
    if (types.has('boolean'))
        return { value: booleans.get(text.trim().toLowerCase()) ?? text };
    if (types.has('integer') || types.has('number'))
        return { value: /^-?\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : text };
    return { value: text };
}
/** A list of mappings, such as the nodes of a builder; a command may be text too, and is taken as such. */
const isListAlone = (types) => types.has('array') && !types.has('string');
const booleans = new Map([
    ['true', true],
    ['false', false],
]);
/**
 * Splits a list at line ends and commas, but for commas that belong to an item: in braces (`{a,b}.json`) and in a rule
 * (`type=raw,value=edge`).
 */
const splitList = (text) => text
    .split(/\r?\n|,(?![^{}\n]*\})(?!\s*(?!type=)[\w-]+=)/)
    .map(item => item.trim())
    .filter(item => item !== '');
/** True for a map whose values are text, such as build arguments. */
const isLines = (shape) => {
    const { additionalProperties: inner, properties } = shape;
    return properties === undefined && typeof inner === 'object' && (0,_alternatives_js__WEBPACK_IMPORTED_MODULE_2__/* .alternativesOf */ .c3)(inner).every(isText);
};
const isText = ({ type }) => [type].flat().includes('string');
const rulesOf = (split) => ({
    commas: split === 'commas',
    quotes: split !== 'raw',
    comments: split === 'commented',
});
const isSplit = (list) => ['commas', 'lines', 'commented', 'raw'].includes(String(list));
function parseItems(text, split) {
    const items = readItems(text, rulesOf(split));
    return items === undefined ? badQuotes : { value: items.map(item => item.text) };
}
function parseLines(text, split) {
    const items = readItems(text, rulesOf(split));
    if (items === undefined)
        return badQuotes;
    const broken = items.find(item => item.text.indexOf('=') < 1);
    if (broken !== undefined)
        return {
            message: `line ${broken.line} is not NAME=value (not shown); a value of several lines stands in quotes, one of the environment is NAME=\${{ env.NAME }}, and there are no comments here`,
        };
    return { value: Object.fromEntries(items.map(item => nameAndValue(item.text))) };
}
const badQuotes = {
    message: 'an item that begins with a quote must end with one; a quote in it is written twice (not shown)',
};
/** Undefined where quotes do not fit together. */
function readItems(text, rules) {
    try {
        return (0,_schema_csv_js__WEBPACK_IMPORTED_MODULE_0__/* .itemsOf */ .S3)(text, rules);
    }
    catch {
        return undefined;
    }
}
function nameAndValue(line) {
    const equals = line.indexOf('=');
    return [line.slice(0, equals).trim(), line.slice(equals + 1)];
}


/***/ }),

/***/ 64822:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   F: () => (/* binding */ fetchIdToken),
/* harmony export */   e: () => (/* binding */ findTokenSource)
/* harmony export */ });
/* harmony import */ var zod__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(21582);
/* harmony import */ var _program_get_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(82552);


/** Where this job may ask for an ID token; undefined when it has no `id-token: write`. */
function findTokenSource(env) {
    const url = env.ACTIONS_ID_TOKEN_REQUEST_URL;
    const bearer = env.ACTIONS_ID_TOKEN_REQUEST_TOKEN;
    return url && bearer ? { url, bearer } : undefined;
}
class TokenError extends Error {
    name = 'TokenError';
    status;
    constructor(message, status) {
        super(message);
        this.status = status;
    }
}
const answerSchema = zod__WEBPACK_IMPORTED_MODULE_1__/* .looseObject */ ._H3({ value: zod__WEBPACK_IMPORTED_MODULE_1__/* .string */ .YjP().min(1) });
/**
 * Asks GitHub for an ID token (docs.github.com, "OpenID Connect reference": GET with the bearer, `&audience=` added to a
 * URL that has a query already). One try; whoever calls retries. @throws TokenError with the status.
 */
async function fetchIdToken({ source, audience, env, signal }) {
    const url = new URL(source.url);
    url.searchParams.set('audience', audience);
    const headers = { authorization: `bearer ${source.bearer}`, accept: 'application/json' };
    const { status, text } = await (0,_program_get_js__WEBPACK_IMPORTED_MODULE_0__/* .get */ .J)(url, { headers, env, signal });
    if (status !== 200)
        throw new TokenError(`GitHub's token endpoint answered HTTP ${status}`, status);
    const answer = answerSchema.safeParse(parseJson(text));
    if (!answer.success)
        throw new TokenError("GitHub's token endpoint gave no token", 502);
    return answer.data.value;
}
function parseJson(text) {
    try {
        return JSON.parse(text);
    }
    catch {
        return undefined;
    }
}


/***/ }),

/***/ 10264:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   B0: () => (/* binding */ isFork),
/* harmony export */   DS: () => (/* binding */ isDependabot),
/* harmony export */   LH: () => (/* binding */ explainMissingToken),
/* harmony export */   NP: () => (/* binding */ addressOfRun),
/* harmony export */   Ul: () => (/* binding */ isPublic),
/* harmony export */   lY: () => (/* binding */ explainMissingPassword)
/* harmony export */ });
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(73024);

/** True where the job runs for a pull request from a fork, which gets neither secrets nor an ID token. */
function isFork(env) {
    // pull_request_target runs with the rights of the base.
    if (!/^pull_request(_review(_comment)?)?$/.test(env.GITHUB_EVENT_NAME ?? ''))
        return false;
    const head = readEvent(env.GITHUB_EVENT_PATH).pull_request?.head;
    return head !== undefined && head.repo?.full_name !== env.GITHUB_REPOSITORY;
}
/** True where the job runs for Dependabot, which as a rule gets no ID token and no secrets but its own. */
const isDependabot = (env) => env.GITHUB_ACTOR === 'dependabot[bot]';
/** Why there is no ID token, in the words of the job's own case. */
function explainMissingToken(env) {
    if (env.GITHUB_ACTIONS !== 'true') {
        return 'role-to-assume: there are no AWS credentials on this machine to assume it with\nSet AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or log in with aws sso login.';
    }
    return `role-to-assume: this job can't ask GitHub for an ID token\n${reasonFor(env)}`;
}
function reasonFor(env) {
    if (isFork(env))
        return 'It runs for a pull request from a fork, which gets none: do not log in for it; checks, tests and scans go on.';
    if (isDependabot(env))
        return 'It runs for Dependabot, with rights to read alone: do not log in for it, or grant the job permissions: { id-token: write, contents: read }.';
    return 'Add to the job: permissions: { id-token: write, contents: read }\nWhere its workflow is called by another one, the job that calls it needs them too.';
}
/** Why a password may be empty, in the words of the job's own case. */
function explainMissingPassword(env) {
    if (isFork(env))
        return 'A pull request from a fork gets no secrets: do not log in for it.';
    if (isDependabot(env))
        return "Dependabot's runs get only Dependabot's own secrets: add it there, or do not log in for it.";
    return 'See that the secret exists and that the environment of the job may read it.\nA workflow that another one calls gets secrets only where its caller says secrets: inherit.';
}
/** True where GitHub says that the repository is public. */
const isPublic = (env) => readEvent(env.GITHUB_EVENT_PATH).repository?.private === false;
/** Address of the run, with its attempt; undefined outside GitHub. */
const addressOfRun = (env) => env.GITHUB_ACTIONS === 'true' && env.GITHUB_RUN_ID !== undefined
    ? `${env.GITHUB_SERVER_URL ?? 'https://github.com'}/${env.GITHUB_REPOSITORY}/actions/runs/${env.GITHUB_RUN_ID}/attempts/${env.GITHUB_RUN_ATTEMPT ?? '1'}`
    : undefined;
function readEvent(path) {
    try {
        return path === undefined ? {} : JSON.parse((0,node_fs__WEBPACK_IMPORTED_MODULE_0__.readFileSync)(path, 'utf8'));
    }
    catch {
        return {};
    }
}


/***/ }),

/***/ 19967:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   DC: () => (/* binding */ loginConfigSchema),
/* harmony export */   Dp: () => (/* binding */ isRegion),
/* harmony export */   ns: () => (/* binding */ registryHostSchema),
/* harmony export */   ub: () => (/* binding */ loginSectionSchema)
/* harmony export */ });
/* harmony import */ var zod__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(21582);
/* harmony import */ var _aws_registry_host_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(37981);
/* harmony import */ var _schema_fields_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(62026);



/** A registry host, with a port where it needs one: `ghcr.io`, `123456789012.dkr.ecr.eu-west-1.amazonaws.com`. */
const registryHostSchema = zod__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP()
    .regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?$/i, 'a registry host such as ghcr.io, without a scheme or a path')
    .superRefine((host, context) => {
    const fault = (0,_aws_registry_host_js__WEBPACK_IMPORTED_MODULE_0__/* .faultOfHost */ .C)(host);
    if (fault !== undefined)
        context.addIssue({ code: 'custom', message: fault });
});
const roleSchema = zod__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP()
    .regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/, 'the ARN of a role: arn:aws:iam::123456789012:role/ci');
const policySchema = zod__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP().regex(/^arn:aws[a-z-]*:iam::(\d{12}|aws):policy\/[\w+=,.@/-]+$/, 'the ARN of a policy');
const accountSchema = zod__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP()
    .regex(/^\d{12}$/, 'an account of 12 digits, in quotes: YAML takes a bare 012345678901 for a number');
const repositorySchema = zod__WEBPACK_IMPORTED_MODULE_2__/* .union */ .KCZ([
    zod__WEBPACK_IMPORTED_MODULE_2__/* .boolean */ .zMY(),
    zod__WEBPACK_IMPORTED_MODULE_2__/* .strictObject */ .rej({
        immutable: zod__WEBPACK_IMPORTED_MODULE_2__/* .boolean */ .zMY().default(false).describe('Whether its tags stay where they are'),
        'scan-on-push': zod__WEBPACK_IMPORTED_MODULE_2__/* .boolean */ .zMY().default(false).describe('Whether ECR scans each push'),
        lifecycle: _schema_fields_js__WEBPACK_IMPORTED_MODULE_1__/* .pathSchema */ .dO.optional().describe('File with its lifecycle policy (JSON)'),
        'kms-key': zod__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP().min(1).optional().describe('KMS key that encrypts it'),
        tags: zod__WEBPACK_IMPORTED_MODULE_2__/* .record */ .g1P(zod__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP(), zod__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP()).default({}).describe('Its tags'),
    }),
]);
const region = /^[a-z]{2,}(-[a-z0-9]+)+-\d+$/;
const isRegion = (text) => region.test(text);
/** The `login` section: how the pipeline becomes somebody in AWS. Names as in configure-aws-credentials. */
const loginSectionSchema = zod__WEBPACK_IMPORTED_MODULE_2__/* .strictObject */ .rej({
    'role-to-assume': roleSchema
        .optional()
        .describe('Role for ECR registries; without one the AWS credentials that are there serve'),
    'aws-region': zod__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP()
        .regex(region, 'a region such as eu-west-1')
        .optional()
        .describe('Region of STS; that of the first ECR registry when not given'),
    'role-session-name': zod__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP().min(1).optional().describe('Name of the session; which run it is when not given'),
    'role-duration-seconds': zod__WEBPACK_IMPORTED_MODULE_2__/* .number */ .aig().int().min(900).max(43_200).optional().describe('Life of the session in seconds'),
    'role-external-id': zod__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP()
        .min(2)
        .max(1224)
        .optional()
        .describe('External id that the role asks for (with role-chaining)'),
    'role-chaining': zod__WEBPACK_IMPORTED_MODULE_2__/* .boolean */ .zMY()
        .default(false)
        .describe('Assume the role with the AWS credentials that are there, not with an ID token'),
    'inline-session-policy': zod__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP()
        .min(2)
        .max(2048)
        .optional()
        .describe('Policy (JSON) that limits the session further'),
    'managed-session-policies': (0,_schema_fields_js__WEBPACK_IMPORTED_MODULE_1__/* .listOf */ .c3)(policySchema)
        .refine(items => items.length <= 10, 'ten at most, which is what STS takes')
        .default([])
        .describe('ARNs of policies that limit the session further'),
    audience: zod__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP().min(1).default('sts.amazonaws.com').describe('Audience of the ID token'),
    'allowed-account-ids': (0,_schema_fields_js__WEBPACK_IMPORTED_MODULE_1__/* .someOf */ .yU)(accountSchema).default([]).describe('Accounts that may be used; any when not given'),
    'action-timeout-s': zod__WEBPACK_IMPORTED_MODULE_2__/* .number */ .aig().int().min(1).max(3600).default(60).describe('Seconds that a whole login may take'),
    'create-repository': repositorySchema
        .default(false)
        .describe('Make a missing repository in ECR: true, or { immutable, scan-on-push, lifecycle, kms-key, tags }'),
});
/** Basic authentication ends the name at the first colon (RFC 7617, section 2). */
const usernameSchema = zod__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP()
    .min(1)
    .regex(/^[^:]*$/, 'a user name, which has no colon in it');
/** Inputs of the login action besides the keys of the `login` section. */
const loginConfigSchema = zod__WEBPACK_IMPORTED_MODULE_2__/* .strictObject */ .rej({
    registries: (0,_schema_fields_js__WEBPACK_IMPORTED_MODULE_1__/* .someOf */ .yU)(registryHostSchema),
    username: usernameSchema.optional(),
    password: zod__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP().min(1).optional(),
    'export-credentials': zod__WEBPACK_IMPORTED_MODULE_2__/* ["enum"] */ .k5n(['true', 'false']).default('false'),
    section: loginSectionSchema,
});


/***/ }),

/***/ 59428:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   FH: () => (/* binding */ withLogins),
/* harmony export */   Ht: () => (/* binding */ besideLogins),
/* harmony export */   bL: () => (/* binding */ knowsHost),
/* harmony export */   jU: () => (/* binding */ readOwn),
/* harmony export */   vY: () => (/* binding */ ownFolder)
/* harmony export */ });
/* unused harmony export renderAuths */
/* harmony import */ var node_os__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(48161);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(76760);
/* harmony import */ var zod__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(21582);
/* harmony import */ var _aws_registry_host_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(37981);
/* harmony import */ var _disk_files_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(48162);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(96564);






/** A Docker configuration as far as logins are concerned (docker/cli, cli/config/configfile); the rest is kept. */
const configSchema = zod__WEBPACK_IMPORTED_MODULE_4__/* .looseObject */ ._H3({
    auths: zod__WEBPACK_IMPORTED_MODULE_4__/* .record */ .g1P(zod__WEBPACK_IMPORTED_MODULE_4__/* .string */ .YjP(), zod__WEBPACK_IMPORTED_MODULE_4__/* .json */ .Pq9()).optional(),
    credHelpers: zod__WEBPACK_IMPORTED_MODULE_4__/* .record */ .g1P(zod__WEBPACK_IMPORTED_MODULE_4__/* .string */ .YjP(), zod__WEBPACK_IMPORTED_MODULE_4__/* .string */ .YjP()).optional(),
    credsStore: zod__WEBPACK_IMPORTED_MODULE_4__/* .string */ .YjP().optional(),
});
/** The folder of the user's own configuration: an absolute path, for steps that work elsewhere. */
const ownFolder = (env) => (0,node_path__WEBPACK_IMPORTED_MODULE_1__.resolve)(env.DOCKER_CONFIG || (0,node_path__WEBPACK_IMPORTED_MODULE_1__.join)((0,node_os__WEBPACK_IMPORTED_MODULE_0__.homedir)(), '.docker'));
/** The user's own configuration, which is only ever read. @throws UserError when it is not one. */
async function readOwn(env) {
    const file = (0,node_path__WEBPACK_IMPORTED_MODULE_1__.join)(ownFolder(env), 'config.json');
    try {
        return parseConfig((await (0,_disk_files_js__WEBPACK_IMPORTED_MODULE_3__/* .readIfThere */ .qC)(file)) ?? '');
    }
    catch (cause) {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_5__/* .UserError */ .yo(`${file} ${faults[(0,_disk_files_js__WEBPACK_IMPORTED_MODULE_3__/* .codeOf */ .$N)(cause) ?? ''] ?? 'is not a Docker configuration: mend or remove it'}`, {
            cause,
        });
    }
}
/** What a failed read of the file means. */
const faults = {
    EACCES: "can't be read by this user, as after sudo docker login: change its owner, or set DOCKER_CONFIG",
    EPERM: "can't be read by this user, as after sudo docker login: change its owner, or set DOCKER_CONFIG",
    EISDIR: 'is a folder, where Docker has its configuration in a file: remove it, or set DOCKER_CONFIG',
    ENOTDIR: "can't be there: DOCKER_CONFIG names the folder of config.json, not the file",
};
/** What Docker takes, an empty file and `null` for what is not set among it (docker/cli, LoadFromReader). */
function parseConfig(text) {
    if (text.trim() === '')
        return {};
    const json = JSON.parse(text, (_, value) => (value === null ? undefined : value));
    return configSchema.parse(json);
}
/**
 * Pure: whether the user has a login for a host: in the file, by a helper, or in a store that is said to know it. The
 * store `ecr-login` makes one for any host of ECR (awslabs/amazon-ecr-credential-helper).
 */
const knowsHost = ({ auths = {}, credHelpers = {}, credsStore }, host) => (credsStore === 'ecr-login' && (0,_aws_registry_host_js__WEBPACK_IMPORTED_MODULE_2__/* .parseRegistryHost */ .T)(host).kind !== 'other') ||
    [...Object.keys(auths), ...Object.keys(credHelpers)].some(key => hostOf(key) === hostOf(host));
/** Pure: what is left of a configuration for hosts without a login of ours, once there is one for others. */
const besideLogins = ({ credsStore: _, ...rest }) => rest;
/**
 * Pure: the user's configuration with logins added. A helper of one of these hosts goes, since the CLI would ask it
 * instead of the file. So does `credsStore`, which is asked for every host; what it keeps is listed in `auths` and is
 * asked of it by host.
 */
function withLogins({ credsStore, credHelpers = {}, auths = {}, ...rest }, authorizations) {
    const hosts = new Set(authorizations.flatMap(one => one.hosts).map(hostOf));
    const others = (all) => Object.entries(all).filter(([key]) => !hosts.has(hostOf(key)));
    const kept = others(auths);
    const stored = credsStore === undefined ? [] : kept.map(([key]) => [key, credsStore]);
    const helpers = [...stored, ...others(credHelpers)];
    return {
        ...rest,
        ...(helpers.length === 0 ? {} : { credHelpers: Object.fromEntries(helpers) }),
        auths: { ...Object.fromEntries(kept), ...renderAuths(authorizations) },
    };
}
/** Pure: the `auths` of logins: base64 of `user:password` for each host. */
const renderAuths = (authorizations) => Object.fromEntries(authorizations.flatMap(({ hosts, username, password }) => {
    const auth = Buffer.from(`${username}:${password}`).toString('base64');
    return hosts.map(host => [authKey(host), { auth }]);
}));
// The CLI keeps Docker Hub under its old name (docker/cli, cli/registry: IndexServer).
const authKey = (host) => (host === 'docker.io' ? 'https://index.docker.io/v1/' : host);
/** The host of a key, which may have a scheme and a path (docker/cli, cli/config/credentials: ConvertToHostname). */
function hostOf(key) {
    const [host = ''] = key.replace(/^https?:\/\//, '').split('/', 1);
    return host === 'index.docker.io' ? 'docker.io' : host;
}


/***/ }),

/***/ 44027:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   A: () => (/* binding */ folderFor),
/* harmony export */   t: () => (/* binding */ writePrivateConfig)
/* harmony export */ });
/* harmony import */ var node_crypto__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(77598);
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(73024);
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(51455);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(76760);
/* harmony import */ var _disk_files_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(48162);
/* harmony import */ var _docker_config_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(59428);






/**
 * Writes a Docker configuration of its own, with the user's settings and these logins, below `base`; the user's own is
 * only read. Contexts, CLI plugins and certificates are linked, builders are found by BUILDX_CONFIG.
 */
async function writePrivateConfig(authorizations, folder, env) {
    const own = (0,_docker_config_js__WEBPACK_IMPORTED_MODULE_5__/* .ownFolder */ .vY)(env);
    await (0,_disk_files_js__WEBPACK_IMPORTED_MODULE_4__/* .makeFolder */ .fc)(folder);
    await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_2__.chmod)(folder, 0o700);
    const config = (0,_docker_config_js__WEBPACK_IMPORTED_MODULE_5__/* .withLogins */ .FH)(await (0,_docker_config_js__WEBPACK_IMPORTED_MODULE_5__/* .readOwn */ .jU)(env), authorizations);
    await (0,_disk_files_js__WEBPACK_IMPORTED_MODULE_4__/* .writeWhole */ .f8)((0,node_path__WEBPACK_IMPORTED_MODULE_3__.join)(folder, 'config.json'), JSON.stringify(config), 0o600);
    for (const name of linked) {
        if ((0,node_fs__WEBPACK_IMPORTED_MODULE_1__.existsSync)((0,node_path__WEBPACK_IMPORTED_MODULE_3__.join)(own, name)) && !(0,node_fs__WEBPACK_IMPORTED_MODULE_1__.existsSync)((0,node_path__WEBPACK_IMPORTED_MODULE_3__.join)(folder, name)))
            await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_2__.symlink)((0,node_path__WEBPACK_IMPORTED_MODULE_3__.join)(own, name), (0,node_path__WEBPACK_IMPORTED_MODULE_3__.join)(folder, name));
    }
    return { DOCKER_CONFIG: folder, BUILDX_CONFIG: env.BUILDX_CONFIG || (0,node_path__WEBPACK_IMPORTED_MODULE_3__.join)(own, 'buildx') };
}
/** What Docker looks for beside its configuration: the last three for an engine over TLS, without DOCKER_CERT_PATH. */
const linked = ['contexts', 'cli-plugins', 'ca.pem', 'cert.pem', 'key.pem'];
/** A folder for a login that later steps use: two jobs of one machine never share one. */
const folderFor = (base) => (0,node_path__WEBPACK_IMPORTED_MODULE_3__.join)(base, `login-${(0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.randomBytes)(4).toString('hex')}`);


/***/ }),

/***/ 58342:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  KW: () => (/* binding */ awsHostsOf),
  Z0: () => (/* binding */ checkIdentity),
  Gz: () => (/* binding */ isForEcr),
  Jv: () => (/* binding */ signIn)
});

// EXTERNAL MODULE: ./.build/src/errors.js
var errors = __webpack_require__(96564);
// EXTERNAL MODULE: ./.build/src/aws/advice.js
var advice = __webpack_require__(98501);
// EXTERNAL MODULE: ./.build/src/aws/client.js
var aws_client = __webpack_require__(83614);
// EXTERNAL MODULE: ./.build/src/aws/failure.js
var aws_failure = __webpack_require__(78179);
// EXTERNAL MODULE: ./.build/src/aws/retry.js
var retry = __webpack_require__(30467);
;// CONCATENATED MODULE: ./.build/src/aws/ecr.js





/**
 * Logins for all ECR hosts, side by side: one call for each region, whatever the number of accounts, since a token
 * serves every registry of its region that the identity may use; one more for ECR Public, which lives in us-east-1.
 */
async function authorizeAll(hosts, identity, around) {
    // What AWS gave out a moment ago, a part of it may not have heard of.
    const limited = { ...around, fresh: identity.assumed };
    const own = hosts.filter(host => host.kind === 'ecr');
    const regions = Map.groupBy(own, ({ region }) => region);
    const open = hosts.filter(host => host.kind === 'ecr-public');
    return Promise.all([
        ...[...regions.values()].map(group => authorizeRegion(group, identity, limited)),
        ...(open.length === 0 ? [] : [authorizePublic(open, identity, limited)]),
    ]);
}
async function authorizeRegion(group, { credentials }, around) {
    const { ECRClient, GetAuthorizationTokenCommand } = await Promise.all(/* import() */[__webpack_require__.e(411), __webpack_require__.e(69), __webpack_require__.e(604), __webpack_require__.e(563), __webpack_require__.e(291)]).then(__webpack_require__.t.bind(__webpack_require__, 86291, 19));
    const { region = '' } = group[0] ?? {};
    const kind = { fips: group.some(({ fips }) => fips), dualStack: group.some(({ dualStack }) => dualStack) };
    const client = new ECRClient(await (0,aws_client/* clientOptions */.s)({ service: 'ECR', region }, around.env, { credentials, ...kind }));
    const ask = async () => (await client.send(new GetAuthorizationTokenCommand({}), { abortSignal: around.signal })).authorizationData?.[0];
    return authorize({ title: `Log in to ECR in ${region}`, hosts: group.map(({ host }) => host), ask, close: () => client.destroy() }, around);
}
async function authorizePublic(group, { credentials }, around) {
    const { ECRPUBLICClient, GetAuthorizationTokenCommand } = await Promise.all(/* import() */[__webpack_require__.e(411), __webpack_require__.e(69), __webpack_require__.e(604), __webpack_require__.e(563), __webpack_require__.e(955)]).then(__webpack_require__.t.bind(__webpack_require__, 63955, 19));
    const dualStack = group.every(host => host.dualStack);
    const where = { service: 'ECR_PUBLIC', region: 'us-east-1' };
    const client = new ECRPUBLICClient(await (0,aws_client/* clientOptions */.s)(where, around.env, { credentials, dualStack }));
    const ask = async () => (await client.send(new GetAuthorizationTokenCommand({}), { abortSignal: around.signal })).authorizationData;
    const hosts = group.map(({ host }) => host);
    return authorize({ title: 'Log in to ECR Public', hosts, ask, close: () => client.destroy() }, around);
}
async function authorize({ title, hosts, ask, close }, around) {
    try {
        const data = await (0,retry/* withRetry */.b)(title, ask, around);
        return { hosts, ...parseToken(data?.authorizationToken ?? '', around), expires: data?.expiresAt?.toISOString() };
    }
    catch (error) {
        around.signal.throwIfAborted();
        throw error instanceof errors/* OutsideError */.Cp ? error : explain(title, error);
    }
    finally {
        close();
    }
}
function explain(title, error) {
    const failure = (0,aws_failure/* failureOf */.g5)(error);
    const { message, code, name } = failure;
    return new errors/* OutsideError */.Cp(`${title}: ${message} (${code ?? name})\nLikely: ${(0,advice/* adviceOnEcr */.A)(failure)}`, { cause: failure });
}
/** base64 of `AWS:<password>`, split at the first colon: a password may hold another. */
function parseToken(token, { mask }) {
    const text = Buffer.from(token, 'base64').toString('utf8');
    const colon = text.indexOf(':');
    if (colon < 1)
        throw new errors/* OutsideError */.Cp('ECR answered without an authorization token');
    const password = text.slice(colon + 1);
    mask(password);
    mask(token);
    return { username: text.slice(0, colon), password };
}

// EXTERNAL MODULE: ./.build/src/aws/identity.js + 3 modules
var aws_identity = __webpack_require__(29412);
// EXTERNAL MODULE: ./.build/src/aws/registry-host.js
var registry_host = __webpack_require__(37981);
// EXTERNAL MODULE: ./.build/src/login/config.js
var config = __webpack_require__(19967);
;// CONCATENATED MODULE: ./.build/src/login/deadline.js

/**
 * One deadline (ms) over every try and every wait, which tells the last thing that was seen. When the work has ended,
 * whatever it left running is ended too. @throws OutsideError at the deadline
 */
async function withinDeadline(deadline, around, work) {
    let last = 'no answer yet';
    const over = new AbortController();
    const signal = AbortSignal.any([around.signal, over.signal]);
    const say = (line) => {
        last = line;
        around.say(line);
    };
    const timer = setTimeout(() => over.abort(overdue(deadline, last)), deadline);
    try {
        return await Promise.race([work({ ...around, signal, say }), rejected(signal)]);
    }
    finally {
        clearTimeout(timer);
        over.abort();
    }
}
const overdue = (deadline, last) => new errors/* OutsideError */.Cp(`The login did not end within ${deadline / 1000} s; last seen: ${last}\nSee that AWS can be reached from here, or give it longer with action-timeout-s.`);
// An SDK call may end with its own word for an abort; the reason is the signal's.
function rejected(signal) {
    const { promise, reject } = Promise.withResolvers();
    const stop = () => reject(signal.reason);
    if (signal.aborted)
        stop();
    else
        signal.addEventListener('abort', stop, { once: true });
    // Whoever raced it may be done already.
    promise.catch(() => { });
    return promise;
}

// EXTERNAL MODULE: external "node:os"
var external_node_os_ = __webpack_require__(48161);
;// CONCATENATED MODULE: ./.build/src/login/session-name.js

/**
 * The name of a role's session: `[\w+=,.@-]{2,64}` (STS API reference, RoleSessionName). Anything else is made so, with
 * a notice; without a name it says which run it is.
 */
function sessionNameOf(wanted, { env, say }) {
    if (wanted === undefined)
        return sanitise(usualName(env));
    const name = sanitise(wanted);
    if (name !== wanted)
        say(`role-session-name: ${wanted} is not what AWS takes; it is ${name} now`);
    return name;
}
const usualName = ({ GITHUB_RUN_ID: run, GITHUB_RUN_ATTEMPT: attempt = '1' }) => run === undefined ? `pce-${userName()}` : `GitHubActions-${run}-${attempt}`;
/** A container may run with an id that no user has. */
function userName() {
    try {
        return (0,external_node_os_.userInfo)().username;
    }
    catch {
        return String(process.getuid?.() ?? 'user');
    }
}
const sanitise = (name) => name
    .replaceAll(/[^\w+=,.@-]/g, '-')
    .slice(0, 64)
    .padEnd(2, '-');

;// CONCATENATED MODULE: ./.build/src/login/sign-in.js







/** Pure: which hosts AWS gives a login for: all of ECR, but where the password is a login of ECR already. */
function awsHostsOf({ registries, section, credentials }) {
    if (credentials?.username === 'AWS' && section['role-to-assume'] === undefined)
        return [];
    return registries.map(registry_host/* parseRegistryHost */.T).filter(({ kind }) => kind !== 'other');
}
/** Pure: true where user name and password are for ECR: a login of its own, or an access key, as docker/login-action takes it. */
const isForEcr = (credentials) => credentials !== undefined && (credentials.username === 'AWS' || isKeyId(credentials.username));
/** The id of an access key, or of a temporary one (IAM user guide, "Unique identifiers"). */
const isKeyId = (username) => /^A[KS]IA[A-Z0-9]{12,}$/.test(username);
/**
 * Signs in to all registries, each by its own way, before the deadline. The user's own secret is masked before anything
 * is said. @throws OutsideError, UserError with what to do
 */
async function signIn(request, around) {
    const aws = awsHostsOf(request);
    const names = new Set(aws.map(({ host }) => host));
    const byPassword = passwordFor(request.registries.filter(host => !names.has(host)), request.credentials, around);
    if (aws.length === 0)
        return { authorizations: byPassword, identity: undefined };
    return withinDeadline(deadlineOf(request), around, async (limited) => {
        const identity = await (0,aws_identity/* becomeIdentity */.K)(roleRequestOf(request, aws, limited), limited);
        return { authorizations: [...(await authorizeAll(aws, identity, limited)), ...byPassword], identity };
    });
}
/** Who we would be, without a login: so that a wrong trust policy is told in the first seconds. */
const checkIdentity = (request, around) => withinDeadline(deadlineOf(request), around, limited => (0,aws_identity/* becomeIdentity */.K)(roleRequestOf(request, awsHostsOf(request), limited), limited));
const deadlineOf = ({ section }) => section['action-timeout-s'] * 1000;
function passwordFor(hosts, credentials, { mask }) {
    if (credentials === undefined)
        return [];
    mask(credentials.password);
    mask(Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64'));
    return hosts.length === 0 ? [] : [{ hosts, ...credentials, expires: undefined }];
}
function roleRequestOf({ section, credentials }, hosts, around) {
    const role = section['role-to-assume'];
    checkPartition(role, hosts);
    return {
        role,
        region: regionOf(section, hosts, around),
        sessionName: sessionNameOf(section['role-session-name'], around),
        duration: section['role-duration-seconds'],
        externalId: section['role-external-id'],
        chaining: section['role-chaining'],
        inlinePolicy: section['inline-session-policy'],
        managedPolicies: section['managed-session-policies'],
        audience: section.audience,
        allowedAccounts: section['allowed-account-ids'],
        keys: role === undefined ? keysIn(credentials, around) : undefined,
        ...kindOf(hosts),
    };
}
/** An access key that was given as user name and password. A temporary one has its token in the environment. */
function keysIn(credentials, { env }) {
    if (credentials === undefined || !isKeyId(credentials.username))
        return undefined;
    const { username: accessKeyId, password: secretAccessKey } = credentials;
    const { AWS_SESSION_TOKEN: sessionToken } = env;
    return { accessKeyId, secretAccessKey, ...(accessKeyId.startsWith('ASIA') && sessionToken && { sessionToken }) };
}
/** The region of STS: as given, else that of the first ECR host (a token is for where it is used), else the machine's. */
function regionOf(section, hosts, { env }) {
    const first = hosts.find(host => host.kind === 'ecr');
    return section['aws-region'] ?? first?.region ?? machineRegion(env);
}
/** An empty variable is one that is not set: `env: { AWS_REGION: ${{ vars.AWS_REGION }} }`. @throws UserError */
function machineRegion(env) {
    const name = ['AWS_REGION', 'AWS_DEFAULT_REGION'].find(one => env[one]);
    const region = name === undefined ? 'us-east-1' : (env[name] ?? '');
    if ((0,config/* isRegion */.Dp)(region))
        return region;
    throw new errors/* UserError */.yo(`${name}: found "${region}", expected a region such as eu-west-1`);
}
/** Where all hosts are of one kind of endpoint, STS is asked by that as well; the environment may say otherwise. */
function kindOf(hosts) {
    return {
        fips: hosts.every(host => host.kind === 'ecr' && host.fips),
        dualStack: hosts.every(host => host.kind !== 'other' && host.dualStack),
    };
}
/** Nobody in one partition is anybody in another. @throws UserError */
function checkPartition(role, hosts) {
    const own = role?.split(':')[1];
    const foreign = hosts.find(host => own !== undefined && partitionOf(host) !== own);
    if (foreign === undefined)
        return;
    throw new errors/* UserError */.yo(`role-to-assume: ${role} is of ${own}, and ${foreign.host} of ${partitionOf(foreign)}\nOne role can't serve both: log in once for each.`);
}
// ECR Public is in one partition alone (ECR Public user guide, "Service endpoints").
const partitionOf = (host) => (host.kind === 'ecr' ? host.partition : 'aws');


/***/ }),

/***/ 85520:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   e: () => (/* binding */ agentsOf)
/* harmony export */ });
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(73024);
/* harmony import */ var node_http__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(37067);
/* harmony import */ var node_https__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(44708);
/* harmony import */ var node_tls__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(41692);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(96564);





/**
 * Agents for outgoing calls that honour HTTP_PROXY, HTTPS_PROXY and NO_PROXY in both cases (Node's own `proxyEnv`, since
 * 24.5) and, besides Node's NODE_EXTRA_CA_CERTS, the CA bundle that AWS_CA_BUNDLE names, as AWS's own tools do.
 * @throws UserError when that file can't be read, or for a proxy that can't be used
 */
function agentsOf(env) {
    const proxyEnv = Object.fromEntries(Object.entries(env).flatMap(([name, value]) => /^no_proxy$/i.test(name) ? [[name, value]] : /^https?_proxy$/i.test(name) ? [[name, proxyOf(name, value)]] : []));
    const ca = env.AWS_CA_BUNDLE ? [...(0,node_tls__WEBPACK_IMPORTED_MODULE_3__.getCACertificates)('default'), readBundle(env.AWS_CA_BUNDLE)] : undefined;
    return {
        http: new node_http__WEBPACK_IMPORTED_MODULE_1__.Agent({ proxyEnv }),
        https: new node_https__WEBPACK_IMPORTED_MODULE_2__.Agent({ proxyEnv, ...(ca === undefined ? {} : { ca }) }),
    };
}
/** A proxy as Node wants it: a URL, where other programs take a host and a port as well. Its value may hold a password. */
function proxyOf(name, value = '') {
    const text = value.trim();
    if (text === '')
        return '';
    const url = text.includes('://') ? text : `http://${text}`;
    if (isProxy(url))
        return url;
    throw new _errors_js__WEBPACK_IMPORTED_MODULE_4__/* .UserError */ .yo(`${name}: expected a proxy such as http://proxy.example.com:3128 (what it is now is not shown)\nWrite special characters of a user or password as in a URL: / is %2F, @ is %40, % is %25.`);
}
function isProxy(text) {
    if (!URL.canParse(text))
        return false;
    const { protocol, username, password, pathname, search, hash } = new URL(text);
    const isPlain = /^\/?$/.test(pathname) && search === '' && hash === '';
    return /^https?:$/.test(protocol) && isPlain && isEncoded(username) && isEncoded(password);
}
const isEncoded = (text) => !/%(?![0-9a-f]{2})/i.test(text);
function readBundle(file) {
    try {
        return (0,node_fs__WEBPACK_IMPORTED_MODULE_0__.readFileSync)(file, 'utf8');
    }
    catch (cause) {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_4__/* .UserError */ .yo(`AWS_CA_BUNDLE names ${file}, which can't be read`, { cause });
    }
}


/***/ }),

/***/ 44320:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   p: () => (/* binding */ waitOf),
/* harmony export */   v: () => (/* binding */ pause)
/* harmony export */ });
/** Pure: ms to wait after failure `met`, from 1. `random` is 0 to 1. */
const waitOf = ({ base, cap }, met, random) => Math.round(random * Math.min(cap, base * 2 ** (met - 1)));
/** Waits. @throws the signal's reason as soon as it is aborted. */
async function pause(ms, signal) {
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers();
    const timer = setTimeout(resolve, ms);
    const abort = () => {
        clearTimeout(timer);
        reject(signal.reason);
    };
    signal.addEventListener('abort', abort, { once: true });
    await promise.finally(() => signal.removeEventListener('abort', abort));
}


/***/ }),

/***/ 82552:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   J: () => (/* binding */ get)
/* harmony export */ });
/* harmony import */ var node_http__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(37067);
/* harmony import */ var node_https__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(44708);
/* harmony import */ var _agents_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(85520);



/** One GET, by the proxies and certificates of the environment: no retry, no redirect, 10 s without a byte at most. */
function get(url, { headers, env, signal }) {
    const { promise, resolve, reject } = Promise.withResolvers();
    const request = url.protocol === 'http:' ? node_http__WEBPACK_IMPORTED_MODULE_0__.request : node_https__WEBPACK_IMPORTED_MODULE_1__.request;
    const agent = (0,_agents_js__WEBPACK_IMPORTED_MODULE_2__/* .agentsOf */ .e)(env)[url.protocol === 'http:' ? 'http' : 'https'];
    const all = { 'user-agent': 'pce-actions', ...headers };
    const call = request(url, { agent, headers: all, signal, timeout: 10_000 }, response => {
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('end', () => resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(chunks).toString('utf8'),
        }));
        response.on('error', reject);
    });
    call.on('timeout', () => call.destroy(Object.assign(new Error('no answer within 10 s'), { code: 'ETIMEDOUT' })));
    call.on('error', reject);
    call.end();
    return promise;
}


/***/ }),

/***/ 61987:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   S3: () => (/* binding */ itemsOf),
/* harmony export */   Td: () => (/* binding */ attributesOf),
/* harmony export */   _F: () => (/* binding */ fieldOf)
/* harmony export */ });
/* harmony import */ var csv_parse_sync__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(26097);

/** A delimiter that no argument and no variable of an environment can hold. */
const never = '\0';
/**
 * The items of a list, one a line. One that begins with a quote ends at the next single quote, so that it may hold line
 * ends and commas; a quote in it is written twice (RFC 4180). Quotes in the middle of other items are their own.
 * @throws Error of csv-parse for a quoted item with text behind it, or without an end; it quotes nothing of the text
 */
function itemsOf(text, { commas, quotes = true, comments = false, trim = true }) {
    const lines = [];
    const records = (0,csv_parse_sync__WEBPACK_IMPORTED_MODULE_0__/* .parse */ .qg)(text, {
        delimiter: commas ? ',' : never,
        // Where nothing is taken away, a carriage return before the line's end is the item's own.
        record_delimiter: trim ? ['\r\n', '\n'] : ['\n'],
        quote: quotes ? '"' : false,
        relax_quotes: quotes,
        comment: comments ? '#' : null,
        comment_no_infix: true,
        relax_column_count: true,
        skip_empty_lines: true,
        trim,
        on_record(record, info) {
            lines.push(info.lines);
            return record;
        },
    });
    return records.flatMap((record, index) => record.filter(item => item.trim() !== '').map(item => ({ line: lines[index] ?? 0, text: item })));
}
/** `type=local,"dest=a,b"` → `{ type: 'local', dest: 'a,b' }`, as buildx reads its options; undefined when it can't. */
function attributesOf(text) {
    try {
        const [fields = []] = (0,csv_parse_sync__WEBPACK_IMPORTED_MODULE_0__/* .parse */ .qg)(text, { relax_column_count: true });
        const pairs = fields.map(field => [field.slice(0, Math.max(0, field.indexOf('='))), field]);
        return pairs.some(([name]) => name === '')
            ? undefined
            : Object.fromEntries(pairs.map(([name, field]) => [name.trim().toLowerCase(), field.slice(name.length + 1)]));
    }
    catch {
        return undefined;
    }
}
/** One field of such an option, quoted where it must be. */
const fieldOf = (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);


/***/ }),

/***/ 62026:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Fz: () => (/* binding */ sizeSchema),
/* harmony export */   Hx: () => (/* binding */ isTokenLike),
/* harmony export */   O: () => (/* binding */ secretMessage),
/* harmony export */   TB: () => (/* binding */ secretNameSchema),
/* harmony export */   UU: () => (/* binding */ argvOf),
/* harmony export */   Vb: () => (/* binding */ nameOf),
/* harmony export */   Zu: () => (/* binding */ textSchema),
/* harmony export */   c3: () => (/* binding */ listOf),
/* harmony export */   dO: () => (/* binding */ pathSchema),
/* harmony export */   eH: () => (/* binding */ optionalSecretSchema),
/* harmony export */   n4: () => (/* binding */ secretIdSchema),
/* harmony export */   rP: () => (/* binding */ commandSchema),
/* harmony export */   sK: () => (/* binding */ durationSchema),
/* harmony export */   un: () => (/* binding */ variableSchema),
/* harmony export */   yU: () => (/* binding */ someOf)
/* harmony export */ });
/* harmony import */ var zod__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(21582);
/* harmony import */ var _rights_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(33812);


/**
 * A list that may be given as one item: `a`, `[a, b]`; each item counts once. The mark `list` tells whoever reads text
 * (an input, a flag) that it may be split, and how: a command has the same types, and must not be.
 */
const listOf = (item, split = 'rules') => zod__WEBPACK_IMPORTED_MODULE_0__/* .union */ .KCZ([item.transform(one => [one]), zod__WEBPACK_IMPORTED_MODULE_0__/* .array */ .YOg(item)])
    .transform(items => [...new Set(items)])
    .meta({ list: split });
/** A list with at least one item. */
const someOf = (item) => listOf(item).refine(items => items.length > 0, 'at least one item');
/** A path inside the repository: relative, never above it. */
const pathSchema = zod__WEBPACK_IMPORTED_MODULE_0__/* .string */ .YjP()
    .min(1)
    .regex(/^(?!\/)(?!(.*\/)?\.\.(\/|$)).*$/, 'a path inside the repository, relative to it');
const units = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };
/** `250 ms`, `10 s`, `5 m`, `1 h` → ms. */
const durationSchema = zod__WEBPACK_IMPORTED_MODULE_0__/* .string */ .YjP()
    .regex(/^\d+(\.\d+)?\s*(ms|s|m|h)$/, 'a duration such as 10 s, 500 ms or 5 m')
    .transform(text => {
    const [, amount = '0', unit = 's'] = /^([\d.]+)\s*(\w+)$/.exec(text) ?? [];
    return Number(amount) * units[unit];
});
const sizes = { KB: 1e3, MB: 1e6, GB: 1e9, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 };
/** `250 MB`, `1.2 GiB` → bytes. */
const sizeSchema = zod__WEBPACK_IMPORTED_MODULE_0__/* .string */ .YjP()
    .regex(/^\d+(\.\d+)?\s*(KB|MB|GB|KiB|MiB|GiB)$/, 'a size such as 250 MB or 1 GiB')
    .transform(text => {
    const [, amount = '0', unit = 'MB'] = /^([\d.]+)\s*(\w+)$/.exec(text) ?? [];
    return Math.round(Number(amount) * sizes[unit]);
});
/** A command: a string for `sh -c`, or argv. */
const commandSchema = zod__WEBPACK_IMPORTED_MODULE_0__/* .union */ .KCZ([zod__WEBPACK_IMPORTED_MODULE_0__/* .string */ .YjP().min(1), zod__WEBPACK_IMPORTED_MODULE_0__/* .array */ .YOg(zod__WEBPACK_IMPORTED_MODULE_0__/* .string */ .YjP()).min(1)]);
/** argv of a command. */
const argvOf = (command) => typeof command === 'string' ? ['sh', '-c', command] : command;
/** What is said where a secret's value stands for its name; whoever reports it must not show the value. */
const secretMessage = 'the name of an environment variable: secrets are named here, and their values given in the environment';
const variable = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** Beginnings that vendors give their tokens: GitHub, GitLab, AWS, Slack, npm, JSON Web Tokens. */
const token = /\b(gh[a-z]_|github_pat_|glpat-|A[KS]IA|xox[a-z]-|npm_|eyJ)[\w.-]{16,}/;
/** True for text with something in it that looks like a secret by its vendor's prefix, so that it must not be shown. */
const isTokenLike = (text) => token.test(text);
/** Text that YAML may take for a number or a boolean. */
const textSchema = zod__WEBPACK_IMPORTED_MODULE_0__/* .union */ .KCZ([zod__WEBPACK_IMPORTED_MODULE_0__/* .string */ .YjP(), zod__WEBPACK_IMPORTED_MODULE_0__/* .number */ .aig(), zod__WEBPACK_IMPORTED_MODULE_0__/* .boolean */ .zMY()]).transform(String);
/** The name of an environment variable. */
const variableSchema = zod__WEBPACK_IMPORTED_MODULE_0__/* .string */ .YjP().regex(variable, 'the name of an environment variable');
/** The name of an environment variable that holds a secret; a value in its place is refused, and so is a right of pce. */
const secretNameSchema = zod__WEBPACK_IMPORTED_MODULE_0__/* .string */ .YjP()
    .refine(name => variable.test(name) && !isTokenLike(name), secretMessage)
    .refine(name => !(0,_rights_js__WEBPACK_IMPORTED_MODULE_1__/* .isRight */ .F)(name), _rights_js__WEBPACK_IMPORTED_MODULE_1__/* .rightMessage */ .c);
/** The same, where `?` behind the name says that the secret may be empty. */
const optionalSecretSchema = zod__WEBPACK_IMPORTED_MODULE_0__/* .string */ .YjP()
    .refine(name => variable.test(nameOf(name)) && !isTokenLike(name), secretMessage)
    .refine(name => !(0,_rights_js__WEBPACK_IMPORTED_MODULE_1__/* .isRight */ .F)(nameOf(name)), _rights_js__WEBPACK_IMPORTED_MODULE_1__/* .rightMessage */ .c);
/** `NPM_TOKEN` of `NPM_TOKEN?` */
const nameOf = (secret) => secret.replace(/\?$/, '');
/** What a build calls a secret (RUN --mount=type=secret,id=…). */
const secretIdSchema = zod__WEBPACK_IMPORTED_MODULE_0__/* .string */ .YjP()
    .regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}\??$/, 'the id of a secret: letters, digits, dots and dashes');


/***/ }),

/***/ 72033:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   KV: () => (/* binding */ splitRules),
/* harmony export */   Td: () => (/* binding */ attributesOf)
/* harmony export */ });
/* unused harmony export linesOf */
/* harmony import */ var csv_parse_sync__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(26097);

/**
 * Pure: the lines of a list as metadata-action takes them: CSV with comments from `#` at a line's beginning, so that a
 * quoted value may hold commas and line ends. Each line is its fields; blank ones are left out.
 */
const linesOf = (text) => shielded(text, fieldsOf)
    .map(fields => fields.map(field => field.trim()).filter(field => field !== ''))
    .filter(fields => fields.length > 0);
/** Quotes that are never closed are no CSV: then each line is one field, for its reader to refuse. */
function fieldsOf(text) {
    try {
        return (0,csv_parse_sync__WEBPACK_IMPORTED_MODULE_0__/* .parse */ .qg)(text, {
            comment: '#',
            comment_no_infix: true,
            relax_column_count: true,
            relax_quotes: true,
            skip_empty_lines: true,
            trim: true,
        });
    }
    catch {
        return text.split(/\r?\n/).map(line => [line]);
    }
}
/** Commas of an expression are its own: `{{date 'dddd, MMMM Do'}}`. */
function shielded(text, read) {
    const stand = '\u0000';
    const hidden = text.replaceAll(/\{\{.*?\}\}/g, expression => expression.replaceAll(',', stand));
    return read(hidden).map(fields => fields.map(field => field.replaceAll(stand, ',')));
}
const attribute = /^(type|enable|priority|prefix|suffix|value|pattern|match|group|format|branch|event|name|latest)=/i;
/**
 * Pure: the items of a list of rules: a line of attributes is one item (`type=raw,value=edge`), a line of names is one
 * item each (`acme/web:1,acme/web:2`, as build-push-action takes them). A further `type=` begins a new rule.
 */
function splitRules(text) {
    return linesOf(text).flatMap(fields => {
        if (!fields.some(field => attribute.test(field)))
            return fields;
        const rules = [];
        for (const field of fields) {
            if (begins(field, rules.at(-1) ?? []))
                rules.push([field]);
            else
                rules.at(-1)?.push(field);
        }
        return rules.map(rule => rule.map(quoted).join(','));
    });
}
/** A new type, or a name where the rule before has no place for one. */
function begins(field, rule) {
    if (rule.length === 0 || /^type=/i.test(field))
        return true;
    return !attribute.test(field) && rule.some(one => /^(value=|type=(sha|ref|edge|schedule)$|[^=]*$)/i.test(one));
}
const quoted = (field) => /[,"\n]/.test(field.replaceAll(/\{\{.*?\}\}/g, '')) ? `"${field.replaceAll('"', '""')}"` : field;
/** Pure: the attributes of one item, in order; a field without a key has the key that is given for it. */
const attributesOf = (item, bare) => linesOf(item)
    .flat()
    .map(field => {
    const [, key, value] = /^([^={]+?)\s*=\s*([\s\S]*)$/.exec(field) ?? [];
    return key === undefined || value === undefined ? [bare, field] : [key.toLowerCase(), value];
});


/***/ })

};
