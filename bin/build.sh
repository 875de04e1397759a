# Builds a module when it is missing or older than its sources. Sourced by joblog and joblog-shipper;
# POSIX sh, needs find-java.sh.
#
#   build_module ROOT MODULE     builds MODULE and what it needs, if it must be
#   class_path_of ROOT MODULE    prints the class path of a built MODULE

# sources_of MODULE: prints what MODULE is built from, below the root.
sources_of() {
  case $1 in
    node-shipper) echo "pom.xml schema/pom.xml schema/src/main node-shipper/pom.xml node-shipper/src/main" ;;
    ingest-server) echo "pom.xml schema/pom.xml schema/src/main ingest-server/pom.xml ingest-server/src/main" ;;
    *) echo "$(sources_of node-shipper) $(sources_of ingest-server) $1/pom.xml $1/src/main deploy/postgresql" ;;
  esac
}

# is_built ROOT MODULE: whether MODULE is there and no source, or folder of sources, is newer.
is_built() (
  cd "$1" || exit 1
  [ -f pom.xml ] || exit 0
  [ -f "$2/target/lib/built" ] || exit 1
  # shellcheck disable=SC2046 # the sources are words
  [ -z "$(find $(sources_of "$2") -newer "$2/target/lib/built" 2>/dev/null | head -n 1)" ]
)

# lock_build ROOT: waits until no other build runs in this checkout. The system lets go of the lock when its
# owner ends, however that happens. Where there is no flock (macOS) two builds at once are not kept apart.
lock_build() {
  mkdir -p "$1/.joblog"
  exec 9>"$1/.joblog/build.lock"
  if command -v flock >/dev/null 2>&1; then
    flock 9
  fi
}

unlock_build() {
  exec 9>&-
}

run_maven() {
  MAVEN_OPTS="--sun-misc-unsafe-memory-access=allow ${MAVEN_OPTS:-}" JAVA_HOME=$java_home \
    mvn -q -B -Dstyle.color=never -f "$1/pom.xml" -pl "$2" -am -Prun -Dmaven.test.skip -Dspotless.check.skip package >&2
}

build_module() {
  is_built "$1" "$2" && return 0
  if [ -f "$1/$2/target/lib/built" ] && [ ! -w "$1/$2/target/lib" ]; then
    echo "joblog: $2 is older than its sources, but $1 is not writable: using it as it is" >&2
    return 0
  fi
  find_java javac || exit 1
  command -v mvn >/dev/null 2>&1 || {
    echo "joblog needs Maven 3.8 or newer (mvn) on the PATH to build, and found none. Debian: apt-get install maven" >&2
    exit 1
  }
  lock_build "$1"
  if ! is_built "$1" "$2"; then
    echo "joblog: building $2 (a minute or two the first time)" >&2
    build_began=$1/.joblog/build.began
    touch "$build_began"
    rm -rf "$1/$2/target/lib" "$1/$2"/target/joblog-"$2"-*.jar
    if ! run_maven "$1" "$2"; then
      echo "joblog: the build of $2 failed, see above" >&2
      exit 1
    fi
    # The stamp carries the time when the build began: a source changed meanwhile is newer.
    mv "$build_began" "$1/$2/target/lib/built"
  fi
  unlock_build
}

class_path_of() {
  class_path=
  for jar in "$1/$2"/target/joblog-"$2"-*.jar "$1/$2"/target/lib/*.jar; do
    case $jar in
      *-tests.jar | *-sources.jar | *-javadoc.jar | *'*'*) ;;
      *) class_path=${class_path:+$class_path:}$jar ;;
    esac
  done
  printf '%s' "$class_path"
}

# archive_of ROOT: prints where the archive of classes for short commands lies. The virtual machine does not write
# it anew for other jars, so one that is older than the jar goes first.
archive_of() {
  if [ -w "$1/ingest-server/target" ]; then
    archive=$1/ingest-server/target/joblog.jsa
  else
    archive=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/joblog.jsa
  fi
  if [ -f "$archive" ] && [ -n "$(find "$1/ingest-server/target" -maxdepth 1 -name '*.jar' -newer "$archive")" ]; then
    rm -f "$archive"
  fi
  printf '%s' "$archive"
}
