namespace DtMcp.ClientEntries;

/// <summary>The form of a client's configuration.</summary>
internal enum ClientForm
{
    /// <summary><c>{"mcpServers":{"darktrace":{...}}}</c>.</summary>
    McpServers,

    /// <summary><c>{"servers":{"darktrace":{"type":"stdio",...}}}</c>.</summary>
    Servers,

    /// <summary>As <see cref="Servers"/>, with <c>inputs</c>: the client asks for the tokens and keeps them safe.</summary>
    ServersWithInputs,

    /// <summary><c>[mcp_servers.darktrace]</c>.</summary>
    Toml,

    /// <summary><c>extensions:</c>.</summary>
    Yaml,
}

/// <summary>A client that DtMcp can be set up in.</summary>
/// <param name="Name">As <c>dtmcp setup</c> takes it.</param>
/// <param name="Title">As people call it.</param>
/// <param name="Form">The form of its configuration.</param>
/// <param name="File">Where that is: <c>~</c> is the user's folder, a relative path is the project's; null when it is pasted.</param>
/// <param name="Hint">What to do with the block, or to watch for.</param>
internal sealed record ClientDefinition(string Name, string Title, ClientForm Form, string? File, string Hint);

/// <summary>Every client, in the order of the page on them.</summary>
internal static class ClientCatalog
{
    public static IReadOnlyList<ClientDefinition> All { get; } =
    [
        new("claude-code", "Claude Code", ClientForm.McpServers, ".mcp.json", "Then claude mcp list says connected."),
        new("claude-desktop", "Claude Desktop", ClientForm.McpServers, "~/.config/Claude/claude_desktop_config.json",
            "Settings, Developer, Edit Config opens the file, wherever it is. Then restart Claude."),
        new("vscode", "VS Code", ClientForm.ServersWithInputs, ".vscode/mcp.json",
            "VS Code asks for the values once and keeps them safe. Copilot must be in Agent mode."),
        new("cursor", "Cursor", ClientForm.McpServers, "~/.cursor/mcp.json", "Settings, MCP shows it with its tools."),
        new("visual-studio", "Visual Studio", ClientForm.Servers, "~/.mcp.json", "Copilot must be in Agent mode."),
        new("jetbrains", "JetBrains", ClientForm.McpServers, null,
            "Paste it in Settings, Tools, AI Assistant, Model Context Protocol, Add, As JSON."),
        new("goose", "Goose", ClientForm.Yaml, "~/.config/goose/config.yaml", "Put it beside the extensions that are there."),
        new("codex", "Codex", ClientForm.Toml, "~/.codex/config.toml", "Then codex mcp list shows it."),
        new("gemini", "Gemini CLI", ClientForm.McpServers, "~/.gemini/settings.json", "Then gemini mcp list says connected."),
        new("windsurf", "Windsurf", ClientForm.McpServers, "~/.codeium/windsurf/mcp_config.json", "Then press Refresh in its MCP panel."),
    ];

    public static ClientDefinition? Find(string name) => All.FirstOrDefault(client => client.Name == name);
}
