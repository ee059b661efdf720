import { encodeUtf8 } from '../../foundation/bytes.ts';
import { answerCatcher } from './catcher-answers.ts';
import { answerBytes, answerJson, refuseWithJson, refuseWithText } from './error-answers.ts';
import { createFixedWindows } from './fixed-windows.ts';
import { type GatewayCaller, requireCaller } from './gateway-accounts.ts';
import type { Cluster } from './gateway-cluster.ts';
import { answerWithFault, type FaultBox, type GatewayFault } from './gateway-faults.ts';
import { createUuid, parseTaskId } from './gateway-ids.ts';
import { type GatewayAnswer, type GatewayRequest, Refusal } from './gateway-messages.ts';
import { resolveModel } from './gateway-models.ts';
import { DAY_MS, MINUTE_MS } from './gateway-settings.ts';
import { expireResults, isTerminal, type LiveTask } from './gateway-task.ts';
import { parseAddTask } from './parse-add-task.ts';
import { parseQuery } from './query-text.ts';
import { answerResult } from './result-answers.ts';
import { spzToPly } from './spz-to-ply.ts';
import { checkQuotas } from './submission-quotas.ts';
import { drawSeed } from './task-seed.ts';
import { statusOf } from './task-status.ts';
import { validateAddTask } from './validate-add-task.ts';

/** One node of a gateway. */
export interface GatewayNode {
  /** Answers a request. `fault` is the kind of the fault that struck it, or null. */
  handle(
    request: GatewayRequest,
  ): Promise<{ readonly answer: GatewayAnswer; readonly fault: GatewayFault['kind'] | null }>;
}

/** Who a client says it is, where that is somebody known. @source gateway-rs config-single.toml `allowed_origins` */
const ORIGINS: readonly string[] = ['discord', 'unity', 'blender', 'gen.404.xyz', 'api'];

/** Makes the node of that number. Its limits per minute are its own. */
export function createGatewayNode(cluster: Cluster, number: number, faults: FaultBox): GatewayNode {
  const { clock, limits } = cluster;
  const now = (): number => clock.now();
  const addTasks = createFixedWindows(now, MINUTE_MS);
  const statuses = createFixedWindows(now, MINUTE_MS);
  const loads = createFixedWindows(now, MINUTE_MS);
  const unauthorized = createFixedWindows(now, DAY_MS);

  const addTask = async (request: GatewayRequest): Promise<GatewayAnswer> => {
    cluster.submissions.received += 1;
    const address = addressOf(request, cluster.trustsProxy);
    if (addTasks.count(address) > limits.addTasksPerMinute) return answerCatcher(429, request);
    const verdict = cluster.keys.judge(request, address);
    if (verdict.kind !== 'account' && verdict.kind !== 'generic') {
      const day = Math.floor(now() / DAY_MS);
      if (unauthorized.count(`${day} ${address}`) > limits.unauthorizedPerDay) {
        throw refuseWithJson(429, 'unauthorized_daily_limit', 'Unauthorized per-IP daily rate limit exceeded.');
      }
    }
    const caller = requireCaller(verdict);
    const order = validateAddTask(await parseAddTask(request, limits), limits);
    const tasks = cluster.liveTasks();
    if (tasks.filter((task) => isQueued(task, cluster.expectedResults)).length >= limits.queueLength) {
      throw refuseWithText(503, 'Task queue is full');
    }
    const model = resolveModel(order.model, order.image !== null);
    const priceCents = checkQuotas({ caller, address, model, tasks, limits, nowMs: now() });
    const id = createUuid(cluster.random);
    if (caller.kind === 'account') caller.account.balanceCents -= priceCents;
    cluster.add({
      ...order,
      id,
      model,
      seed: order.seed ?? drawSeed(cluster.random),
      origin: caller.kind === 'generic' ? 'guest_generic' : originOf(request),
      accountId: caller.kind === 'generic' ? null : caller.account.id,
      address,
      node: number,
      acceptedAtMs: now(),
      priceCents,
    });
    cluster.submissions.accepted += 1;
    return answerJson(200, { id });
  };

  const getStatus = (request: GatewayRequest): GatewayAnswer => {
    if (statuses.count(addressOf(request, cluster.trustsProxy)) > limits.statusesPerMinute) {
      return answerCatcher(429, request);
    }
    const task = cluster.find(taskIdOf(parseQuery(request.query)));
    return answerJson(200, statusOf(task, task?.order.node === number, cluster.expectedResults));
  };

  const getResult = async (request: GatewayRequest): Promise<GatewayAnswer> => {
    const caller = requireCaller(cluster.keys.judge(request, addressOf(request, cluster.trustsProxy)));
    const query = parseQuery(request.query);
    const id = taskIdOf(query);
    const all = query.get('all') ?? 'false';
    if (all !== 'true' && all !== 'false') throw refuseWithText(400, 'provided string was not `true` or `false`');
    const task = cluster.find(id);
    const memory = task?.order.node === number && mayRead(caller, task) ? task.memory : null;
    if (task === undefined || memory === null || memory.results.length === 0) {
      throw refuseWithText(404, `Task ID ${id} not found`);
    }
    return answerResult({
      task,
      memory,
      wantsAll: all === 'true',
      compress: query.get('compress'),
      format: query.get('format'),
      readFile: (result) => cluster.readFile(task, result),
      toPly: spzToPly,
    });
  };

  const getLoad = (request: GatewayRequest): GatewayAnswer => {
    if (loads.count(addressOf(request, cluster.trustsProxy)) > limits.loadsPerMinute)
      return answerCatcher(429, request);
    const tasks = cluster.liveTasks();
    const gateways = Array.from({ length: cluster.nodeCount }, (_, index) => ({
      node_id: index + 1,
      domain: 'localhost',
      ip: '127.0.0.1',
      name: `stand-in-${index + 1}`,
      http_port: 4443,
      available_tasks: tasks.filter((task) => task.order.node === index + 1 && isQueued(task, cluster.expectedResults))
        .length,
      last_task_acquisition: Math.floor(now() / 1000),
      last_update: Math.floor(now() / 1000),
    }));
    if (request.path === '/get_load') return answerJson(200, { gateways });
    return answerJson(200, { leader_id: 1, domain: 'localhost', ip: '127.0.0.1', http_port: 4443 });
  };

  const carryOut = async (request: GatewayRequest): Promise<GatewayAnswer> => {
    try {
      const route = ROUTES[request.path];
      if (route === undefined) return answerCatcher(404, request);
      if (route !== request.method) return answerCatcher(405, request);
      switch (request.path) {
        case '/add_task':
          return await addTask(request);
        case '/get_status':
          return getStatus(request);
        case '/get_result':
          return await getResult(request);
        case '/id':
          return answerBytes(200, 'text/plain; charset=utf-8', encodeUtf8(String(number)));
        default:
          return getLoad(request);
      }
    } catch (error) {
      if (error instanceof Refusal) return error.answer;
      return refuseWithText(500, '').answer;
    }
  };

  return {
    async handle(request) {
      const fault = faults.take(request);
      if (fault === null) return { answer: await carryOut(request), fault: null };
      if (fault.kind === 'result-expired') {
        const id = parseTaskId(parseQuery(request.query).get('id') ?? '');
        const task = id === null ? undefined : cluster.find(id);
        if (task !== undefined) expireResults(task);
      }
      return { answer: await answerWithFault(fault, request, () => carryOut(request)), fault: fault.kind };
    },
  };
}

/** Every route a client may use, with its method. */
const ROUTES: Readonly<Record<string, string>> = {
  '/add_task': 'POST',
  '/get_status': 'GET',
  '/get_result': 'GET',
  '/get_load': 'GET',
  '/get_leader': 'GET',
  '/id': 'GET',
};

function taskIdOf(query: ReadonlyMap<string, string>): string {
  const text = query.get('id');
  if (text === undefined) throw refuseWithText(400, 'missing field `id`');
  const id = parseTaskId(text);
  if (id === null) throw refuseWithText(400, 'UUID parsing failed');
  return id;
}

/** A company reads its company's tasks, a person theirs, and the generic key what belongs to nobody. */
function mayRead(caller: GatewayCaller, task: LiveTask): boolean {
  return task.order.accountId === (caller.kind === 'generic' ? null : caller.account.id);
}

function isQueued(task: LiveTask, expectedResults: number): boolean {
  return !isTerminal(task) && task.takenCount < expectedResults;
}

function originOf(request: GatewayRequest): string {
  const origin = request.headers['x-client-origin'] ?? 'api';
  return ORIGINS.includes(origin) ? origin : 'api';
}

/** @source gateway-rs src/http3/client_ip.rs */
function addressOf(request: GatewayRequest, trustsProxy: boolean): string {
  const forwarded = (request.headers['x-forwarded-for'] ?? '').split(',').map((item) => item.trim());
  return (trustsProxy ? forwarded.at(-2) : undefined) ?? request.remoteAddress;
}
