using System.Text;
using DtMcp.Serving;

namespace DtMcp.Tests.Issues;

/// <summary>A message with a name of half a character (<c>"\ud800"</c>) ended the program on stdio. Found by fuzzing.</summary>
public sealed class HalfNames_17
{
    [Theory]
    [InlineData("""{"\ud800":1,"jsonrpc":"2.0","id":4,"method":"ping"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":4,"\ud800onrpc":"2.0"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":4,"method":"ping","\udfff\ud800":{}}""")]
    public void Such_a_message_is_refused_with_its_id(string line)
    {
        var (message, refusal) = IncomingMessage.Read(Encoding.UTF8.GetBytes(line));

        Assert.Null(message);
        Assert.Equal(MessageRefusal.NoRequest, refusal?.Code);
        Assert.Equal("4", refusal?.Id.ToString());
    }
}
