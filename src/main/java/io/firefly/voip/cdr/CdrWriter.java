package io.firefly.voip.cdr;

/** Keeps detail records: one line per call, written once. */
public interface CdrWriter {
    /** Keeps the record; a failure is logged with the whole record, never thrown at a call. */
    void write(CallDetailRecord detail);
}
