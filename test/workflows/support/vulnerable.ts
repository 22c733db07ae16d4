/** Files that make the small app an image with nothing in it but a vulnerable package: quick to build. */
export const vulnerable = {
  Dockerfile: 'FROM scratch\nCOPY node_modules /app/node_modules\nUSER 1000\n',
  'pce.yml': 'image: acme/web\nscan: { block: high }\n',
  'node_modules/minimist/package.json': '{ "name": "minimist", "version": "1.2.0" }\n',
} as const
