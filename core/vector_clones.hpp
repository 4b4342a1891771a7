#pragma once

/// Compiles a function once per instruction set; the loader picks the widest that the
/// processor has. For loops whose iterations are independent: without contraction of
/// multiply-adds (cmake/room.cmake) each of them has the same bits at any width, so
/// that the choice never reaches a result. What such a function calls must be inlined
/// into it
/// (`SOUK_INLINED`), or it stays at the base instruction set. Not under
/// ThreadSanitizer, which would watch the choice itself, made before there is anything
/// to watch with.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)                    \
  && !defined(__SANITIZE_THREAD__)
#define SOUK_VECTOR_CLONES                                                             \
  __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define SOUK_VECTOR_CLONES
#endif

#define SOUK_INLINED [[gnu::always_inline]] inline
