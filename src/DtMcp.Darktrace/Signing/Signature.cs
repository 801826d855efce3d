using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace DtMcp.Darktrace.Signing;

internal static class Signature
{
    /// <summary>HMAC-SHA1 keyed with the private token, as 40 lower-case hex digits.</summary>
    [SuppressMessage("Security", "CA5350", Justification = "The appliance prescribes HMAC-SHA1.")]
    internal static string Compute(Secret privateToken, string stringToSign) =>
        Convert.ToHexStringLower(HMACSHA1.HashData(privateToken.Key, Encoding.UTF8.GetBytes(stringToSign)));
}
