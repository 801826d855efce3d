namespace DtMcp.Tests.Support;

/// <summary>Messages as they go over stdio: each is one line.</summary>
internal static class Messages
{
    public const string Initialize = """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","""
        + """ "capabilities":{},"clientInfo":{"name":"test","version":"1"}}}""";
}
