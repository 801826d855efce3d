using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using DtMcp.Configuration;

namespace DtMcp.ClientEntries;

/// <summary>An entry as a client's configuration has it. Pure.</summary>
internal static class ClientBlock
{
    // A question over a long window may take minutes.
    private const int LongestCall = 300;

    private static readonly (string Id, string Description, string Variable, bool IsSecret)[] Inputs =
    [
        ("darktrace-host", "Address of the Darktrace appliance, https://instance", OptionCatalog.Host.Name, false),
        ("darktrace-public", "Public token", OptionCatalog.PublicToken.Name, true),
        ("darktrace-private", "Private token", OptionCatalog.PrivateToken.Name, true),
    ];

    /// <summary>The whole block, with a line end.</summary>
    public static string Of(ClientForm form, ServerEntry entry) => form switch
    {
        ClientForm.Toml => Toml(entry),
        ClientForm.Yaml => Yaml(entry),
        _ => Json(isIndented: true, json =>
        {
            var inputs = form == ClientForm.ServersWithInputs && entry.Env.Count > 0;
            json.WriteStartObject();
            if (inputs)
            {
                WriteInputs(json);
            }

            json.WriteStartObject(Section(form));
            json.WritePropertyName(ServerEntry.Name);
            Write(json, form, entry);
            json.WriteEndObject();
            json.WriteEndObject();
        }) + "\n",
    };

    /// <summary>The member of the configuration that holds the servers.</summary>
    public static string Section(ClientForm form) => form == ClientForm.McpServers ? "mcpServers" : "servers";

    /// <summary>A link that installs it with a click, where the client has such; null elsewhere.</summary>
    public static string? Link(ClientDefinition client, ServerEntry entry)
    {
        var config = Json(isIndented: false, json => Write(json, client.Form, entry));
        return client.Name switch
        {
            "vscode" => $"https://insiders.vscode.dev/redirect/mcp/install?name={ServerEntry.Name}"
                + (entry.Env.Count > 0 ? $"&inputs={Uri.EscapeDataString(Json(isIndented: false, InputList))}" : "")
                + $"&config={Uri.EscapeDataString(config)}",
            "cursor" => $"cursor://anysphere.cursor-deeplink/mcp/install?name={ServerEntry.Name}"
                + $"&config={Uri.EscapeDataString(Convert.ToBase64String(Encoding.UTF8.GetBytes(config)))}",
            _ => null,
        };
    }

    private static void WriteInputs(Utf8JsonWriter json)
    {
        json.WritePropertyName("inputs");
        InputList(json);
    }

    private static void InputList(Utf8JsonWriter json)
    {
        json.WriteStartArray();
        foreach (var (id, description, _, isSecret) in Inputs)
        {
            json.WriteStartObject();
            json.WriteString("type", "promptString");
            json.WriteString("id", id);
            json.WriteString("description", description);
            if (isSecret)
            {
                json.WriteBoolean("password", true);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, ClientForm form, ServerEntry entry)
    {
        json.WriteStartObject();
        if (form != ClientForm.McpServers)
        {
            json.WriteString("type", "stdio");
        }

        json.WriteString("command", entry.Command);
        json.WriteStartArray("args");
        foreach (var arg in entry.Args)
        {
            json.WriteStringValue(arg);
        }

        json.WriteEndArray();
        if (entry.Env.Count > 0)
        {
            json.WriteStartObject("env");
            foreach (var (name, value) in Env(form, entry))
            {
                json.WriteString(name, value);
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static IEnumerable<KeyValuePair<string, string>> Env(ClientForm form, ServerEntry entry) =>
        form == ClientForm.ServersWithInputs
            ? Inputs.Select(input => KeyValuePair.Create(input.Variable, $"${{input:{input.Id}}}"))
            : entry.Env;

    private static string Toml(ServerEntry entry)
    {
        var to = new StringBuilder();
        to.Append($"[mcp_servers.{ServerEntry.Name}]\n");
        to.Append($"command = {Quoted(entry.Command)}\n");
        to.Append($"args = [{string.Join(", ", entry.Args.Select(Quoted))}]\n");
        to.Append($"tool_timeout_sec = {LongestCall}\n");
        if (entry.Env.Count > 0)
        {
            to.Append($"\n[mcp_servers.{ServerEntry.Name}.env]\n");
            foreach (var (name, value) in entry.Env)
            {
                to.Append($"{name} = {Quoted(value)}\n");
            }
        }

        return to.ToString();
    }

    private static string Yaml(ServerEntry entry)
    {
        var to = new StringBuilder();
        to.Append($"extensions:\n  {ServerEntry.Name}:\n    name: {ServerEntry.Name}\n    type: stdio\n    enabled: true\n");
        to.Append($"    cmd: {Quoted(entry.Command)}\n");
        to.Append($"    args: [{string.Join(", ", entry.Args.Select(Quoted))}]\n");
        to.Append($"    timeout: {LongestCall}\n");
        to.Append(entry.Env.Count > 0 ? "    envs:\n" : "    envs: {}\n");
        foreach (var (name, value) in entry.Env)
        {
            to.Append($"      {name}: {Quoted(value)}\n");
        }

        return to.ToString();
    }

    // A JSON string is a string of TOML and of YAML too.
    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";

    private static string Json(bool isIndented, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions
        {
            Indented = isIndented,
            NewLine = "\n",
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        }))
        {
            write(json);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
