package io.firefly.voip.agent.openai.settings;

/** How a provider of the Realtime protocol differs from OpenAI. */
public enum Dialect {
    /** The GA protocol as it is documented. */
    OPENAI,
    /** The same events; the key stands in the header {@code api-key}, and a model is the name of a deployment. */
    AZURE,
    /**
     * A gateway or server of somebody else: may want no key, may leave out the events that tell of the session, and ids
     * that only repeat what is known; is not sent what only OpenAI takes.
     */
    COMPATIBLE
}
