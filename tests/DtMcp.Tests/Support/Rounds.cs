namespace DtMcp.Tests.Support;

/// <summary>
/// How often a test that goes by chance tries: the first rounds of its seed each time, all of them where <c>DTMCP_TESTED_LONG</c> is set
/// (<c>.ci/long/rounds.sh</c>).
/// </summary>
internal static class Rounds
{
    public static int Of(int usual, int all) => Environment.GetEnvironmentVariable("DTMCP_TESTED_LONG") is null ? usual : all;
}
