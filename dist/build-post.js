import { main } from './index.js'
await main({ name: 'build', phase: 'post', dist: import.meta.dirname })
