/**
 * What operators may see and do over HTTP on {@code server.port}: {@code GET /api/routes}, {@code GET /api/routes/versions},
 * {@code POST /api/routes/rollback}, {@code POST /api/routes/reload}, {@code POST /api/routes/explain}.
 *
 * <p>Start with {@code RoutesController}. Whether a request may change something, or see lines of route files, is decided by
 * {@code WriteGuard}: whoever has the token {@code firefly.console.token}; while there is none, whoever calls from this very
 * machine. A browser cannot be tricked into it: only {@code application/json} is taken, and no page of another host.
 *
 * <p>Threads: those of the web server. A swap makes them wait, for {@code firefly.routes.drain} per file at most.
 */
@NullMarked
package io.firefly.voip.console;

import org.jspecify.annotations.NullMarked;
