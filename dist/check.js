import { main } from './index.js'
await main({ name: 'check', phase: 'main', dist: import.meta.dirname })
