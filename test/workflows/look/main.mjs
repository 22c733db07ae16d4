// Nothing to do yet: see post.mjs.
