import { main } from './index.js'
await main({ name: 'root', phase: 'post', dist: import.meta.dirname })
