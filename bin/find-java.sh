# Finds a Java of version 25 or newer. Sourced by joblog and joblog-shipper; POSIX sh.
#
#   find_java java     sets java_home to a runtime
#   find_java javac    sets java_home to a development kit
#
# Looked at in this order: JOBLOG_JAVA_HOME, JAVA_HOME, the usual folders, the PATH. A version 25 goes
# before a newer one, because that is the version joblog is tested with. Nothing is started to find out:
# every runtime says its version in its file "release". Returns 1 if there is none, after saying what to
# install.

joblog_java_wanted=25

# java_feature HOME: prints the feature version of the Java in HOME, nothing if there is none.
java_feature() {
  [ -r "$1/release" ] || return 0
  sed -n 's/^JAVA_VERSION="\([0-9][0-9]*\).*/\1/p' "$1/release" | head -n 1
}

# java_fits HOME PROGRAM EXACT: whether the Java in HOME has PROGRAM and the wanted version.
java_fits() {
  [ -n "$1" ] && [ -x "$1/bin/$2" ] || return 1
  java_version=$(java_feature "$1")
  [ -n "$java_version" ] || return 1
  if [ "$3" = exact ]; then
    [ "$java_version" -eq "$joblog_java_wanted" ]
  else
    [ "$java_version" -ge "$joblog_java_wanted" ]
  fi
}

# java_on_path: prints the home of the java on the PATH, links followed.
java_on_path() {
  java_link=$(command -v java 2>/dev/null) || return 0
  java_real=$(readlink -f "$java_link" 2>/dev/null || printf '%s' "$java_link")
  dirname "$(dirname "$java_real")"
}

find_java() {
  java_program=$1
  for java_home in "${JOBLOG_JAVA_HOME:-}" "${JAVA_HOME:-}"; do
    java_fits "$java_home" "$java_program" newer && return 0
  done
  java_path_home=$(java_on_path)
  for java_how in exact newer; do
    for java_home in \
      /usr/lib/jvm/* /usr/lib64/jvm/* /usr/java/* /opt/java/* /opt/jdk* /opt/*jdk* /opt/java* \
      "${HOME:-/nonexistent}"/.sdkman/candidates/java/* "${HOME:-/nonexistent}"/.jdks/* \
      /Library/Java/JavaVirtualMachines/*/Contents/Home \
      /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
      "$java_path_home"; do
      java_fits "$java_home" "$java_program" "$java_how" && return 0
    done
  done
  java_home=
  {
    echo "joblog needs Java $joblog_java_wanted or newer, and found none."
    echo "Install one, for example:"
    echo "  Debian, Ubuntu:  apt-get install temurin-25-jdk   (repository: https://adoptium.net/installation/linux)"
    echo "  Fedora, RHEL:    dnf install java-25-openjdk-devel"
    echo "  macOS:           brew install openjdk@25"
    echo "  without root:    unpack https://adoptium.net/temurin/releases/?version=25 and set JOBLOG_JAVA_HOME to its folder"
  } >&2
  return 1
}
