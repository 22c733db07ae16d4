import { main } from './index.js'
await main({ name: 'check', phase: 'post', dist: import.meta.dirname })
