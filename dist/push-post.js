import { main } from './index.js'
await main({ name: 'push', phase: 'post', dist: import.meta.dirname })
