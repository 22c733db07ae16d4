import { main } from './index.js'
await main({ name: 'login', phase: 'main', dist: import.meta.dirname })
