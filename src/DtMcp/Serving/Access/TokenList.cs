using System.Security.Cryptography;
using System.Text;
using DtMcp.Configuration;
using DtMcp.Tools.Arguments;

namespace DtMcp.Serving.Access;

/// <summary>
/// Tokens by name, of which only hashes are kept. They are random and long, so a plain SHA-256 tells nothing of them.
/// </summary>
internal sealed class TokenList
{
    /// <summary>What the one token of the settings is called.</summary>
    public const string OnlyName = "bearer";

    private static readonly string Setting = OptionCatalog.TokensFile.Name;

    private readonly List<(string Name, byte[] Digest)> _entries = [];

    private TokenList()
    {
    }

    /// <summary>A list of one token.</summary>
    public static TokenList Of(string token)
    {
        var list = new TokenList();
        list._entries.Add((OnlyName, Digest(token)));
        return list;
    }

    /// <summary>Reads a line a token: its name, a blank, its SHA-256 in hex; <c>#</c> starts a comment. A name may have several.</summary>
    /// <exception cref="SetupException">A line is none; the message names its number and nothing that stands in it.</exception>
    public static TokenList Parse(string text)
    {
        var list = new TokenList();
        foreach (var (index, line) in text.Split('\n').Index())
        {
            var words = line.Split('#')[0].Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0)
            {
                continue;
            }

            if (words is not [var name, { Length: 64 } hex] || !IsName(name) || !hex.All(char.IsAsciiHexDigit))
            {
                throw new SetupException(FormattableString.Invariant(
                    $"Line {index + 1} of the file of {Setting} is no name and SHA-256. `dtmcp token NAME` makes one."));
            }

            var digest = Convert.FromHexString(hex);
            if (list.NameOf(digest) is not null)
            {
                throw new SetupException(FormattableString.Invariant(
                    $"Line {index + 1} of the file of {Setting} has a token that stands above it. Leave one of them."));
            }

            list._entries.Add((name, digest));
        }

        return list._entries.Count > 0
            ? list
            : throw new SetupException($"The file of {Setting} has no token. `dtmcp token NAME` makes one.");
    }

    public static bool IsName(string name) =>
        name.Length is > 0 and <= 64 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '@');

    /// <summary>A new token and its line of the file.</summary>
    /// <exception cref="SetupException">The name is none.</exception>
    public static (string Token, string Line) Make(string name)
    {
        if (!IsName(name))
        {
            throw new SetupException($"{Refusal.Shown(name)} is no name of a token. Use letters, digits, - _ . and @, at most 64.");
        }

        // 256 bits: nobody guesses it. The prefix lets scanners of secrets find it where it does not belong.
        var token = "dtmcp_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        return (token, $"{name} {Convert.ToHexStringLower(Digest(token))}");
    }

    /// <summary>Digests are of one length: comparing them tells nothing about a token, not even its length.</summary>
    public static byte[] Digest(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <summary>Whose token has this digest; all are compared, whichever it is, each in constant time.</summary>
    public string? NameOf(ReadOnlySpan<byte> digest)
    {
        string? found = null;
        foreach (var (name, known) in _entries)
        {
            if (CryptographicOperations.FixedTimeEquals(known, digest))
            {
                found = name;
            }
        }

        return found;
    }
}
