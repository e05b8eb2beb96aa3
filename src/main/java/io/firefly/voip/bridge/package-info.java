/**
 * Joins a MediaSession and an AgentSession: both audio paths, playout, barge-in, marks.
 */
@NullMarked
package io.firefly.voip.bridge;

import org.jspecify.annotations.NullMarked;
