namespace DtMcp.Serving;

/// <summary>What a client shows beside the server's name: bars of traffic, one out of line. It is in the message itself.</summary>
internal static class ServerIcon
{
    public const string MimeType = "image/svg+xml";

    private const string Picture =
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 24 24\"><rect width=\"24\" height=\"24\" rx=\"5\" fill=\"#16324f\"/>"
        + "<path d=\"M5 19v-6M10 19v-4M19 19v-5\" stroke=\"#9cc7f0\" stroke-width=\"3\"/>"
        + "<path d=\"M14.5 19V5\" stroke=\"#f0975b\" stroke-width=\"3\"/></svg>";

    public static string Source => $"data:{MimeType};base64,{Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(Picture))}";
}
