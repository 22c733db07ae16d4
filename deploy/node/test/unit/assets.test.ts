import assert from 'node:assert/strict'
import { mkdirSync, mkdtempDisposableSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { buildAssets, renderPage } from '../../script/build-assets.ts'
import { readAssets } from '../../src/web/assets.ts'
import { webRoutes } from '../../src/web/routes.ts'

const page = '<link rel="stylesheet" href="/assets/app.css">'

function buildIn(root: string, css: string) {
  mkdirSync(join(root, 'web'), { recursive: true })
  writeFileSync(join(root, 'web', 'index.html'), page)
  writeFileSync(join(root, 'web', 'app.css'), css)
  return buildAssets(join(root, 'web'), join(root, 'dist'))
}

suite('assets', () => {
  test('the name follows the content', () => {
    using root = mkdtempDisposableSync(join(tmpdir(), 'assets-'))
    const before = buildIn(root.path, 'a{}')
    assert.match(before['app.css'] ?? '', /^app\.[0-9a-f]{12}\.css$/)
    assert.deepEqual(buildIn(root.path, 'a{}'), before)
    assert.notDeepEqual(buildIn(root.path, 'b{}'), before)
  })

  test('what was built is what is served', async () => {
    using root = mkdtempDisposableSync(join(tmpdir(), 'assets-'))
    const name = buildIn(root.path, 'a{}')['app.css'] ?? ''
    const assets = readAssets(pathToFileURL(join(root.path, 'dist/')))
    const [home, asset] = webRoutes(assets)
    const request = { method: 'GET', query: new URLSearchParams(), parameter: name, json: async () => ({}) }
    assert.equal((await home?.handle(request))?.body, page.replace('app.css', name))
    assert.deepEqual(await asset?.handle(request), {
      status: 200,
      headers: { 'content-type': 'text/css; charset=utf-8', 'cache-control': 'public, max-age=31536000, immutable' },
      body: Buffer.from('a{}'),
    })
  })

  test('an asset that does not exist stops the build', () =>
    assert.throws(() => renderPage(page, {}), /asks for \/assets\/app\.css, but there is no web\/app\.css/))
  test('a page that was not built says how to build it', () =>
    assert.throws(() => readAssets(new URL('file:///nowhere/dist/')), /Run "npm run assets" first/))
})
