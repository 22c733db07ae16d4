import { main } from './index.js'
await main({ name: 'login', phase: 'post', dist: import.meta.dirname })
