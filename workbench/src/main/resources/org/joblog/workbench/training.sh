#!/bin/sh
# Prints like a training job: text and one JSON object per step on stdout, a progress bar on stderr, repeated
# and empty lines, and a token that it hides from the log. POSIX sh.
#
#   TRAINING_STEPS  how many steps
#   TRAINING_PAUSE  seconds between them
#   TRAINING_TOKEN  the secret that it prints
set -eu

# bar STEP: the line of a progress bar, as tqdm draws it: over itself, from a carriage return on.
bar() {
  done_cells=$(($1 * 30 / TRAINING_STEPS))
  filled=$(printf '%*s' "$done_cells" '' | tr ' ' '#')
  printf '\rtraining: %3d%%|%-30s| %d/%d [loss=0.%04d]' \
    $(($1 * 100 / TRAINING_STEPS)) "$filled" "$1" "$TRAINING_STEPS" "$loss" >&2
}

echo "Loading the data set"
echo
echo
echo
echo "Using 1 device"

# The token must not be seen by others: hide it, then go on.
echo '/LOGCOMMAND {"mode":"disabled"}'
echo "logging in with $TRAINING_TOKEN"
printf 'half a line with %s' "$TRAINING_TOKEN"
echo
echo '/LOGCOMMAND {"mode":"enabled"}'
# Between stdout and stderr no order is promised: give the command a moment before the bar begins there.
sleep 0.5

step=0
while [ "$step" -lt "$TRAINING_STEPS" ]; do
  step=$((step + 1))
  loss=$((60000 / (step + 6) + step * 7919 % 97))
  bar "$step"
  printf '{"step": %d, "loss": 0.%04d, "val": {"acc": 0.%04d}, "lr": 0.0003}\n' \
    "$step" "$loss" $((9990 - loss))
  if [ $((step % 20)) -eq 0 ]; then
    warning=0
    while [ "$warning" -lt 8 ]; do
      warning=$((warning + 1))
      echo "UserWarning: the data loader is slow"
    done
    echo "saved checkpoint $step"
  fi
  sleep "$TRAINING_PAUSE"
done
echo >&2
echo "Done"
