/**
 * Loads route files and swaps them on save; a bad file never takes a good route down.
 *
 * <p>Start with {@code RouteReload}: it looks at the folder ({@code RouteFolder}), waits for two equal looks, has the
 * whole set judged ({@code camel.check}), swaps what changed ({@code LiveRoutes}) and reports. Instead of Camel's own
 * reload, which loses routes on a typo and does not see a ConfigMap change.
 *
 * <p>Files of data beside the routes take part by {@link io.firefly.voip.camel.reload.ReloadableFile};
 * {@link io.firefly.voip.camel.reload.RouteLibrary} is what operators see.
 *
 * <p>Thread: {@code route-reload} does everything; the first load runs on the thread that starts Camel. Bounds: 500
 * files, 256 KiB each, {@code firefly.routes.drain} for what a replaced route has begun.
 */
@NullMarked
package io.firefly.voip.camel.reload;

import org.jspecify.annotations.NullMarked;
