package io.firefly.voip.agent;

import io.firefly.voip.call.CallId;

/**
 * The model calls a function during a call.
 *
 * @param toolCallId the provider's id, by which the answer finds its question
 * @param argumentsJson a JSON object as the model wrote it: not to be trusted
 */
public record ToolCall(CallId callId, String toolCallId, String name, String argumentsJson) {}
