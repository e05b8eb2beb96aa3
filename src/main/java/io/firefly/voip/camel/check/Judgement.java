package io.firefly.voip.camel.check;

import java.util.List;
import java.util.Map;

/**
 * What is to be said about a set of texts.
 *
 * @param refusals all that is wrong; empty when the set can serve
 * @param warnings what is right but looks like a slip
 * @param files the route files that can be read, taken apart, in loading order
 * @param drafts the data files, read and waiting to be used, by file name, in the order of use
 */
public record Judgement(
        List<Refusal> refusals, List<Refusal> warnings, List<RouteFile> files, Map<String, DataFile.Draft> drafts) {}
