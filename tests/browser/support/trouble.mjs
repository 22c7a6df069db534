// Two miners, of which Garage has stopped hashing, and its alert is raised.
import { Monitor } from './monitor.mjs';
import { Simulator } from './simulator.mjs';
import { eventually } from './wait.mjs';

export async function startInTrouble() {
  const simulator = await Simulator.start('--profile', 'demo', '--speed', '20');
  const monitor = await Monitor.start();
  await monitor.watch(simulator, ['Kitchen', 'Garage']);
  await simulator.fail(1, 'zero_hashrate');
  await eventually('the alert is raised', async () => {
    const { items } = await monitor.get('/api/v1/alerts/episodes?state=open');
    return items.some((episode) => episode.rule === 'not_hashing');
  }, 120_000);
  return { simulator, monitor };
}
