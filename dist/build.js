import { main } from './index.js'
await main({ name: 'build', phase: 'main', dist: import.meta.dirname })
