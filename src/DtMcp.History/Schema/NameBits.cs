namespace DtMcp.History.Schema;

/// <summary>What an entry of names tells: the column <c>told</c>.</summary>
internal static class NameBits
{
    public const int Host = 1;
    public const int Ports = 2;
    public const int Failure = 4;
    public const int UserAgent = 8;
}
