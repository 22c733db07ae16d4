import { main } from './index.js'
await main({ name: 'scan', phase: 'main', dist: import.meta.dirname })
