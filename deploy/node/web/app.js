const form = document.querySelector('#create')
const message = document.querySelector('#message')
const rows = document.querySelector('#links')
const more = document.querySelector('#more')
let next = null

async function call(path, options) {
  const response = await fetch(path, options)
  const body = response.status === 204 ? undefined : await response.json()
  if (response.ok) return body
  throw new Error(body.errors?.map(({ field, message }) => `${field} ${message}`).join('; ') ?? body.detail)
}

function element(name, properties = {}, ...children) {
  const created = Object.assign(document.createElement(name), properties)
  created.append(...children)
  return created
}

function row({ slug, url, shortUrl, hits = 0 }) {
  const remove = element('button', { textContent: 'Delete' })
  const created = element(
    'tr',
    {},
    element('td', {}, element('a', { href: `/${slug}`, textContent: shortUrl, rel: 'noreferrer' })),
    element('td', { textContent: url }),
    element('td', { textContent: hits }),
    element('td', {}, remove),
  )
  remove.onclick = () => report(() => call(`/api/links/${slug}`, { method: 'DELETE' }).then(() => created.remove()))
  return created
}

async function showPage() {
  const page = await call(`/api/links?limit=10${next ? `&cursor=${next}` : ''}`)
  rows.append(...page.links.map(row))
  next = page.next
  more.hidden = next === null
}

async function report(action) {
  try {
    message.textContent = ''
    await action()
  } catch (error) {
    message.textContent = error.message
  }
}

form.onsubmit = event => {
  event.preventDefault()
  const { url, slug } = Object.fromEntries(new FormData(form))
  const body = JSON.stringify(slug ? { url, slug } : { url })
  report(async () => {
    const link = await call('/api/links', { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    rows.prepend(row(link))
    form.reset()
  })
}
more.onclick = () => report(showPage)
report(showPage)
