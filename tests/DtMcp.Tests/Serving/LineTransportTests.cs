using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DtMcp.Serving;
using ModelContextProtocol.Protocol;

namespace DtMcp.Tests.Serving;

public sealed class LineTransportTests : IDisposable
{
    private const string Request = """{"jsonrpc":"2.0","id":"a","method":"tools/call","params":{"name":"x"}}""";

    private readonly Pipe _input = new();
    private readonly MemoryStream _output = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _output.Dispose();

    [Fact]
    public async Task What_is_answered_after_the_end_of_the_input_is_still_written()
    {
        await using var transport = Open();
        await WriteAsync(Request);
        await _input.Writer.CompleteAsync();
        var request = Assert.IsType<JsonRpcRequest>(await transport.MessageReader.ReadAsync(Token));
        await transport.MessageReader.Completion.WaitAsync(TimeSpan.FromSeconds(10), Token);

        await transport.SendMessageAsync(new JsonRpcResponse { Id = request.Id, Result = new JsonObject() }, Token);

        Assert.Single(Lines());
    }

    [Fact]
    public async Task A_fault_of_the_input_ends_the_session_as_a_fault()
    {
        await using var transport = Open();
        await _input.Writer.CompleteAsync(new NotSupportedException());

        await Assert.ThrowsAsync<NotSupportedException>(() =>
            transport.MessageReader.Completion.WaitAsync(TimeSpan.FromSeconds(10), Token));
    }

    [Theory]
    [InlineData("not json", -32700, null)]
    [InlineData("{\"jsonrpc\":", -32700, null)]
    [InlineData("[]", -32600, null)]
    [InlineData("null", -32600, null)]
    [InlineData("""{"jsonrpc":"2.0","id":7}""", -32600, "7")]
    [InlineData("""{"jsonrpc":"1.0","id":"b","method":"ping"}""", -32600, "\"b\"")]
    public async Task A_line_that_is_no_message_is_answered_and_the_session_goes_on(string line, int code, string? id)
    {
        await using var transport = Open();
        await WriteAsync(line, "", Request);
        var next = Assert.IsType<JsonRpcRequest>(await transport.MessageReader.ReadAsync(Token));
        Assert.Equal("tools/call", next.Method);
        var answer = JsonElement.Parse(Assert.Single(Lines()));
        Assert.Equal(code, answer.GetProperty("error").GetProperty("code").GetInt32());
        Assert.Equal(id, answer.TryGetProperty("id", out var given) ? given.GetRawText() : null);
    }

    [Fact]
    public async Task A_line_without_end_is_refused_and_skipped()
    {
        await using var transport = Open();
        await _input.Writer.WriteAsync(Encoding.UTF8.GetBytes("{\"a\":\"" + new string('x', 5 << 20)), Token);
        await _input.Writer.WriteAsync(Encoding.UTF8.GetBytes("\"}\n" + Request + "\n"), Token);
        Assert.IsType<JsonRpcRequest>(await transport.MessageReader.ReadAsync(Token));
        Assert.Equal(-32600, JsonElement.Parse(Assert.Single(Lines())).GetProperty("error").GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task A_last_line_without_a_line_end_still_counts()
    {
        await using var transport = Open();
        await _input.Writer.WriteAsync(Encoding.UTF8.GetBytes(Request), Token);
        await _input.Writer.CompleteAsync();
        Assert.IsType<JsonRpcRequest>(await transport.MessageReader.ReadAsync(Token));
    }

    private LineTransport Open() => new(_input.Reader.AsStream(), _output);

    private string[] Lines() => Encoding.UTF8.GetString(_output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private async Task WriteAsync(params string[] lines)
    {
        foreach (var line in lines)
        {
            await _input.Writer.WriteAsync(Encoding.UTF8.GetBytes(line + "\r\n"), Token);
        }
    }
}
