// OpenAI's agents SDK holds a spoken dialogue with the simulator: greeting, tool call, barge-in, expiry.
// node agents-realtime.cjs <websocket url> <speech: 16 bit little-endian PCM of 24 kHz>; prints what it saw as JSON.
const fs = require('fs');
const path = require('path');
const sdk = path.dirname(require.resolve('@openai/agents-realtime'));
const { RealtimeAgent, RealtimeSession, tool } = require('@openai/agents-realtime');
const { parseRealtimeEvent } = require(path.join(sdk, 'openaiRealtimeEvents.js'));

const [url, speechFile] = process.argv.slice(2);
const BYTES_PER_20_MS = 960;
const words = Buffer.concat([fs.readFileSync(speechFile), Buffer.alloc(48 * 700)]);
const seen = { events: {}, generic: [], errors: [], tools: [], interrupted: 0, audioBytes: 0, closed: false };

const transfer = tool({
  name: 'transfer',
  description: 'Connects the caller with a department',
  parameters: {
    type: 'object',
    properties: { target: { type: 'string', enum: ['sales'] } },
    required: ['target'],
    additionalProperties: false,
  },
  strict: true,
  execute: async ({ target }) => {
    seen.tools.push(target);
    return 'connected';
  },
});
const format = { type: 'audio/pcm', rate: 24000 };
const session = new RealtimeSession(new RealtimeAgent({ name: 'reception', instructions: 'Be short.', tools: [transfer] }), {
  transport: 'websocket',
  model: 'gpt-realtime',
  config: { audio: { input: { format, turnDetection: { type: 'server_vad' } }, output: { format } } },
});
session.transport.on('*', event => {
  seen.events[event.type] = (seen.events[event.type] || 0) + 1;
  if (parseRealtimeEvent({ data: JSON.stringify(event) }).isGeneric) seen.generic.push(event.type);
});
session.on('error', told => seen.errors.push(told?.error?.error?.code ?? told?.error?.code ?? String(told?.error ?? told)));
session.on('audio', sound => { seen.audioBytes += sound.data.byteLength; });
session.on('audio_interrupted', () => { seen.interrupted++; });
session.transport.on('connection_change', status => { seen.closed = status === 'disconnected'; });

const sleep = millis => new Promise(done => setTimeout(done, millis));
const count = type => seen.events[type] || 0;
async function until(what, holds) {
  const end = Date.now() + 20_000;
  while (!holds()) {
    if (Date.now() > end) throw new Error('waited in vain for ' + what);
    await sleep(20);
  }
}
async function speak() {
  const started = Date.now();
  for (let at = 0; at < words.length; at += BYTES_PER_20_MS) {
    session.sendAudio(new Uint8Array(words.subarray(at, at + BYTES_PER_20_MS)).buffer);
    await sleep(Math.max(0, started + (at / BYTES_PER_20_MS) * 20 - Date.now()));
  }
}

async function dialogue() {
  await session.connect({ apiKey: 'any', url });
  session.transport.requestResponse();
  await until('the greeting', () => count('response.done') === 1);
  await speak();
  await until('the tool', () => seen.tools.length === 1);
  await until('the answer to the tool', () => count('response.done') === 3);
  await speak();
  const before = count('response.output_audio.delta');
  await until('a story', () => count('response.output_audio.delta') > before);
  await speak();
  await until('the answer after the barge-in', () => count('response.done') === 5);
  seen.history = session.history
    .filter(item => item.type === 'message')
    .map(item => [item.role, item.status, item.content.map(part => part.transcript ?? part.text).join(' ')]);
  await speak();
  await until('the expiry', () => seen.closed);
}

dialogue()
  .catch(error => { seen.failed = String(error?.stack ?? error); })
  .finally(() => {
    console.log(JSON.stringify(seen));
    process.exit(0);
  });
