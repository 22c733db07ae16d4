import { main } from './index.js'
await main({ name: 'push', phase: 'main', dist: import.meta.dirname })
