import { main } from './index.js'
await main({ name: 'scan', phase: 'post', dist: import.meta.dirname })
