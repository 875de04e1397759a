// Writes ../dashboards from the sources beside this file; with --check only says whether they agree.
// To be run after every change here: node deploy/grafana/source/build.mjs
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import compareJobs from './compare-jobs.mjs';
import jobDetails from './job-details.mjs';
import jobs from './jobs.mjs';
import server from './server.mjs';

const all = { 'joblog/compare-jobs': compareJobs, 'joblog/job-details': jobDetails, 'joblog/jobs': jobs, 'joblog-server/server': server };
const check = process.argv.includes('--check');

for (const [name, dashboard] of Object.entries(all)) {
  const file = new URL(`../dashboards/${name}.json`, import.meta.url);
  const text = JSON.stringify(dashboard, null, 2) + '\n';
  if (!check) {
    writeFileSync(file, text);
  } else if (!existsSync(file) || readFileSync(file, 'utf8') !== text) {
    console.log(`${name}.json is not what its source says: run node deploy/grafana/source/build.mjs`);
    process.exitCode = 1;
  }
}
