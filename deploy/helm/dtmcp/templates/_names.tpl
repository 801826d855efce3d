{{- define "dtmcp.name" -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- end -}}

{{- define "dtmcp.selector" -}}
app.kubernetes.io/name: dtmcp
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "dtmcp.labels" -}}
{{ include "dtmcp.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end -}}

{{- define "dtmcp.redisSelector" -}}
app.kubernetes.io/name: dtmcp-redis
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "dtmcp.redisLabels" -}}
{{ include "dtmcp.redisSelector" . }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end -}}
