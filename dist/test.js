import { main } from './index.js'
await main({ name: 'test', phase: 'main', dist: import.meta.dirname })
