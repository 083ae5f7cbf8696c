#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# `tests/slurm.sh BIN ROOT [EXPERIMENTS [CHUNKS]]`: configs/archive.sh over one-scan experiments, here
# and on a Slurm of its own on loopback (root, slurmctld, slurmd and munged are needed; skipped
# plainly otherwise): all done, a failed one listed with its reason, resumed after scancel.
set -uo pipefail
here=$(dirname "$(realpath "$0")") bin=$(realpath "$1") root=$(realpath "$2") count=${3:-8} chunks=${4:-4}
. "$here/tap.sh"
. "$here/fault_scene.sh"
unset MAKEFLAGS MAKELEVEL MFLAGS
cd "$work" && ln -s "$bin" bin && scene "$bin" "$root" "$work/scene" >said 2>&1 || { cat said >&2; exit 2; }
archive=$root/configs/archive.sh
mkdir tree && cp scene/a/calib.fits scene/a/instrument.xml scene/a/model.xml tree
third=$(grep -n '^#S 3 ' scene/a/beam.spec | cut -d: -f1)
sed -e "$third,\$d" -e '/^#S 1 /,/^#S 2 /{/^#S 2 /!d}' scene/a/beam.spec >tree/beam.spec
sed -e 's|<sample |<model file="../model.xml"/><calibration file="../calib.fits"/>&|' \
    -e 's|"instrument.xml"|"../instrument.xml"|' -e 's|"beam.spec"/>|"../beam.spec" finished="true"/>|' scene/a/beam.xml >one.xml
for ((i = 1; i <= count; i++)); do
    mkdir "tree/e$i" && cp one.xml "tree/e$i/beam.xml" && "$bin/ixs-plan" "tree/e$i/beam.xml" -o "tree/e$i/Makefile" || exit 2
done
fits() { find tree -path '*/fit/*.fits' | wc -l; }
run=("$archive" -m "BIN=$work/bin" -t fit)

"${run[@]}" -j2 tree/e1 tree/e2 >said.txt 2>&1 && [ "$(fits)" = 2 ] || { cat said.txt >&2; false; }
say 'here: two experiments with make'
echo '<experiment>' >tree/e2/beam.xml
"${run[@]}" -j2 tree/e1 tree/e2 >said.txt 2>&1
[ $? = 1 ] && grep -q 'tree/e2: .*error: found' said.txt && grep -q '1 of 2 failed' said.txt || { cat said.txt >&2; false; }
say 'one that fails is listed with its reason, the other is done'
cp one.xml tree/e2/beam.xml
"${run[@]}" tree/e1 tree/e2 >said.txt 2>&1 && grep -q '0 of 2 failed' said.txt
say 'healed it is not listed any more'

for tool in slurmctld slurmd sbatch scancel munged; do
    command -v $tool >/dev/null || PATH=$PATH:/usr/sbin
    command -v $tool >/dev/null || { skip 'on Slurm' "$tool is not here" && finish; }
done
[ "$(id -u)" = 0 ] || { skip 'on Slurm' 'only root can start one' && finish; }
[ -z "${SLURM_CONF:-}" ] && ! pgrep -x slurmctld >/dev/null || { skip 'on Slurm' 'one is running here already' && finish; }

# ---- a Slurm of our own
S=$work/slurm host=$(hostname -s)
mkdir -p "$S/state" "$S/spool" "$S/log"
cat >"$S/slurm.conf" <<END
ClusterName=ixs
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$S/munge.socket
StateSaveLocation=$S/state
SlurmdSpoolDir=$S/spool
SlurmctldPidFile=$S/slurmctld.pid
SlurmdPidFile=$S/slurmd.pid
SlurmctldLogFile=$S/log/slurmctld.log
SlurmdLogFile=$S/log/slurmd.log
SlurmctldPort=16817
SlurmdPort=16818
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
ReturnToService=2
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=batch_sched_delay=0,sched_interval=1,sched_min_interval=0,bf_interval=1,default_queue_depth=1000
NodeName=$host NodeAddr=127.0.0.1 CPUs=2 RealMemory=1000 State=UNKNOWN
PartitionName=main Nodes=$host Default=YES MaxTime=INFINITE State=UP
END
export SLURM_CONF=$S/slurm.conf
stop_slurm() {
    local name
    for name in slurmd slurmctld munged; do
        [ ! -s "$S/$name.pid" ] || kill "$(cat "$S/$name.pid")" 2>/dev/null
    done
    sleep 1
    rm -rf "$work"
}
trap stop_slurm EXIT
head -c 1024 /dev/urandom >"$S/munge.key" && chmod 600 "$S/munge.key" && chmod 711 "$work" "$S"
munged --force --socket="$S/munge.socket" --key-file="$S/munge.key" --pid-file="$S/munged.pid" \
    --log-file="$S/log/munged.log" --seed-file="$S/munge.seed" >said.txt 2>&1 &&
    slurmctld -f "$SLURM_CONF" && slurmd -f "$SLURM_CONF"
idle() { sinfo -h -o %T 2>/dev/null | grep -qE 'idle|mixed'; }
for ((n = 0; n < 60; n++)); do idle && break; sleep 0.5; done
if ! idle; then
    tail -n 3 "$S"/log/* said.txt >&2
    skip 'on Slurm' 'slurmctld and slurmd do not get ready here'
    finish
fi

mapfile -t folders < <(printf 'tree/e%d\n' $(seq "$count"))
job=$("${run[@]}" -s -n "$chunks" "${folders[@]}" 2>said.txt)
started() { [ "$(fits)" -gt 2 ]; }
for ((n = 0; n < 200; n++)); do started && break; sleep 0.1; done
scancel "${job%%;*}"
for ((n = 0; n < 100; n++)); do [ -z "$(squeue -h -j "${job%%;*}" 2>/dev/null)" ] && break; sleep 0.2; done
before=$(fits)
[ "$before" -gt 2 ] && [ "$before" -le "$count" ]
say "an array was begun and cancelled ($before of $count done)"
from=$EPOCHREALTIME
"${run[@]}" -s -w -n "$chunks" "${folders[@]}" >said.txt 2>&1 && [ "$(fits)" = "$count" ] || { cat said.txt .archive/task-*.log >&2; false; }
say "submitted again it is completed: $(fits) of $count"
awk -v a="$from" -v b="$EPOCHREALTIME" -v n=$((count - before)) -v k="$chunks" \
    'BEGIN { printf "# %.1f s for %d experiments in %d tasks\n", b - a, n, k }'
printf '<model>\n  <most_modes>2</most_modes>\n</model>\n' >tree/model.xml
sleep 0.05 && touch mark && echo '<experiment>' >tree/e3/beam.xml
"${run[@]}" -s -w -n "$chunks" "${folders[@]}" >said.txt 2>&1
[ $? = 1 ] && grep -q 'tree/e3: .*error: found' said.txt && grep -q "1 of $count failed" said.txt || { cat said.txt >&2; false; }
say 'a new model: one that fails is listed with its reason'
[ "$(find tree -path '*/fit/*.fits' -newer mark | wc -l)" = $((count - 1)) ]
say 'and all others are fitted anew'
finish
