#!/bin/bash
# A Slurm of one host with two nodes, n1 and n2, for the tests: munged, slurmctld and two slurmd of Debian's packages, as
# root, without systemd and slurmdbd. All its files are in one folder, and its ports are its own: another Slurm of
# this host is not touched. Every command of Slurm needs SLURM_CONF=FOLDER/slurm.conf.
#
#   slurm-cluster.sh start FOLDER     makes FOLDER, starts the daemons, waits until both nodes are idle
#   slurm-cluster.sh stop FOLDER      ends the daemons that it started, with their jobs
#
# FOLDER/plugstack.conf is empty; slurmstepd reads it for each step. FOLDER must be a place that all users may enter.
set -eu
action=${1:?start or stop}
folder=${2:?a folder}
host=$(hostname -s)
port=${SLURM_CLUSTER_PORT:-26817}
export SLURM_CONF=$folder/slurm.conf

fail() { echo "slurm-cluster: $*" >&2; exit 1; }
[ "$(id -u)" = 0 ] || fail "needs root"

# end FILE: ends the process whose id is in FILE, for good after 5 s.
end() {
  [ -s "$1" ] || return 0
  pid=$(cat "$1")
  kill "$pid" 2>/dev/null || true
  for _ in $(seq 50); do
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.1
  done
  kill -9 "$pid" 2>/dev/null || true
  rm -f "$1"
}

stop() {
  if [ -s "$folder/slurmctld.pid" ]; then
    timeout 10 scancel --state=RUNNING --full 2>/dev/null || true
    timeout 10 scancel -u root,alice,bob 2>/dev/null || true
  fi
  for file in "$folder"/slurmd-*.pid "$folder"/slurmctld.pid "$folder"/munge/munged.pid; do
    end "$file"
  done
}

start_munge() {
  install -d -o munge -g munge -m 0755 "$folder/munge"
  dd if=/dev/urandom of="$folder/munge/key" bs=128 count=1 status=none
  chown munge:munge "$folder/munge/key"
  chmod 0400 "$folder/munge/key"
  setpriv --reuid=munge --regid=munge --init-groups munged --key-file="$folder/munge/key" \
    --socket="$folder/munge/socket" --pid-file="$folder/munge/munged.pid" \
    --log-file="$folder/munge/munged.log" --seed-file="$folder/munge/seed" || fail "munged does not start"
}

# What holds the processes of a step together: cgroup v1 where it can be written to, else the tree of parents.
tracking() {
  if mkdir "/sys/fs/cgroup/freezer/joblog.$$" 2>/dev/null; then
    rmdir "/sys/fs/cgroup/freezer/joblog.$$"
    echo cgroup
  else
    echo linuxproc
  fi
}

write_configuration() {
  memory=$(awk '/MemTotal/ { print int($2 / 1024 * 0.4) }' /proc/meminfo)
  # cred_expire: a requeued job waits for it. config_overrides: more processors than there are, so that steps of eight tasks run.
  cat >"$SLURM_CONF" <<CONF
ClusterName=joblogtest
SlurmctldHost=$host(127.0.0.1)
SlurmUser=slurm
AuthType=auth/munge
AuthInfo=socket=$folder/munge/socket,cred_expire=5
CredType=cred/munge
SlurmctldPort=$port
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd-%n.pid
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool-%n
SlurmctldLogFile=$folder/state/slurmctld.log
SlurmdLogFile=$folder/slurmd-%n.log
SlurmdDebug=verbose
SwitchType=switch/none
MpiDefault=none
ProctrackType=proctrack/$(tracking)
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/none
SchedulerType=sched/backfill
SchedulerParameters=sched_interval=2,batch_sched_delay=0
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
PlugStackConfig=$folder/plugstack.conf
ReturnToService=2
MinJobAge=600
KillWait=5
InactiveLimit=0
MailProg=/bin/true
PropagateResourceLimits=NONE
SlurmdParameters=config_overrides
JobRequeue=1
NodeName=n1 NodeHostname=$host NodeAddr=127.0.0.1 Port=$((port + 1)) CPUs=64 RealMemory=$memory
NodeName=n2 NodeHostname=$host NodeAddr=127.0.0.1 Port=$((port + 2)) CPUs=64 RealMemory=$memory
PartitionName=main Nodes=n[1-2] Default=YES MaxTime=INFINITE State=UP
CONF
  printf 'CgroupMountpoint=/sys/fs/cgroup\nCgroupAutomount=no\nCgroupPlugin=cgroup/v1\n' >"$folder/cgroup.conf"
  : >"$folder/plugstack.conf"
}

start_daemons() {
  (cd / && slurmctld -c) || fail "slurmctld does not start, see $folder/state/slurmctld.log"
  for node in n1 n2; do
    install -d -m 0755 "$folder/spool-$node"
    (cd / && slurmd -N "$node") || fail "slurmd $node does not start, see $folder/slurmd-$node.log"
  done
  for _ in $(seq 300); do
    [ "$(sinfo -h -N -o %t 2>/dev/null | grep -c -x idle)" != 2 ] || return 0
    sleep 0.1
  done
  fail "nodes are not idle: $(sinfo -h -N -o '%N %T' 2>&1)"
}

case $action in
  start)
    for user in alice bob; do
      id "$user" >/dev/null 2>&1 || useradd -m -s /bin/bash "$user"
    done
    id joblog >/dev/null 2>&1 || useradd -r -M -s /usr/sbin/nologin joblog
    install -d -m 0755 "$folder"
    install -d -o slurm -g slurm -m 0755 "$folder/state"
    write_configuration
    start_munge
    start_daemons
    ;;
  stop) stop ;;
  *) fail "start or stop, not $action" ;;
esac
