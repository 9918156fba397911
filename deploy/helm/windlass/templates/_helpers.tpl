{{- define "windlass.name" -}}
{{- if contains "windlass" .Release.Name }}{{ .Release.Name | trunc 50 | trimSuffix "-" }}
{{- else }}{{ printf "%s-windlass" (.Release.Name | trunc 40 | trimSuffix "-") }}{{ end }}
{{- end }}

{{- define "windlass.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{ include "windlass.selector" . }}
{{- end }}

{{- define "windlass.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "windlass.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- with .Values.image.digest }}@{{ . }}{{ end }}
{{- end }}

{{/* What the restricted profile of the Pod Security Standards asks of a pod. */}}
{{- define "windlass.podSecurity" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  # The files of Secrets are root's and this group's; Windlass refuses a master key that others may read.
  fsGroup: 10001
  seccompProfile:
    type: RuntimeDefault
{{- with .Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "windlass.containerSecurity" -}}
image: {{ include "windlass.image" . | quote }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities:
    drop: ["ALL"]
{{- end }}

{{/* The variables that name the files of `windlass.secrets`, and transit's. */}}
{{- define "windlass.secretVariables" -}}
- name: DATABASE_URL_FILE
  value: /run/secrets/windlass/database-url
{{- if .Values.redis.existingSecret }}
- name: REDIS_URL_FILE
  value: /run/secrets/windlass/redis-url
{{- end }}
{{- if .Values.transit.key }}
- name: WINDLASS_TRANSIT_KEY
  value: {{ .Values.transit.key | quote }}
- name: WINDLASS_TRANSIT_ADDRESS
  value: {{ .Values.transit.address | quote }}
- name: WINDLASS_TRANSIT_MOUNT
  value: {{ .Values.transit.mount | quote }}
{{- with .Values.transit.namespace }}
- name: WINDLASS_TRANSIT_NAMESPACE
  value: {{ . | quote }}
{{- end }}
- name: WINDLASS_TRANSIT_TOKEN_FILE
  value: /run/secrets/windlass/transit-token
{{- else }}
- name: WINDLASS_MASTER_KEY_FILE
  value: /run/secrets/windlass/master-key
{{- end }}
{{- end }}

{{- define "windlass.databaseSource" -}}
- secret:
    name: {{ .Values.database.existingSecret }}
    items:
      - key: {{ .Values.database.key }}
        path: database-url
{{- end }}

{{/* Secrets as files, which no listing of the environment shows. */}}
{{- define "windlass.secretSources" -}}
{{ include "windlass.databaseSource" . }}
{{- with .Values.redis }}{{ if .existingSecret }}
- secret:
    name: {{ .existingSecret }}
    items:
      - key: {{ .key }}
        path: redis-url
{{- end }}{{ end }}
{{- if .Values.transit.key }}
- secret:
    name: {{ .Values.transit.existingSecret }}
    items:
      - key: {{ .Values.transit.tokenKey }}
        path: transit-token
{{- else }}
- secret:
    name: {{ .Values.masterKey.existingSecret }}
    items:
      - key: {{ .Values.masterKey.key }}
        path: master-key
{{- end }}
{{- end }}

{{- define "windlass.mounts" -}}
- name: secrets
  mountPath: /run/secrets/windlass
  readOnly: true
- name: tmp
  mountPath: /tmp
{{- end }}

{{/* openssl is given its questions as files there. */}}
{{- define "windlass.tmp" -}}
- name: tmp
  emptyDir:
    medium: Memory
    sizeLimit: 64Mi
{{- end }}

{{- define "windlass.placement" -}}
{{- with .nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
