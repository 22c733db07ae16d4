import { main } from './index.js'
await main({ name: 'test', phase: 'post', dist: import.meta.dirname })
